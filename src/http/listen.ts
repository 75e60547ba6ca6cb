import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { ConfigError } from '../config.ts';

/** What a client gets to send a request, lest slow ones take up all connections; it does not bound the answer. */
const limits = {
  // A few kilobytes.
  headersTimeout: 15_000,
  // A file of 100 MB over a line of 1 Mbit/s; other bodies are small, and their routes have a limit of their own.
  requestTimeout: 15 * 60_000,
  // Longer than proxies keep theirs, a minute as a rule: else one sends a request on a connection that is being closed.
  keepAliveTimeout: 75_000,
};

/** Serves `app` until closed; a taken port is a {@link ConfigError} that names the variable. */
export async function listen(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
): Promise<{ close: () => Promise<void> }> {
  const listening = Promise.withResolvers<void>();
  const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions: limits }, () => {
    listening.resolve();
  }) as Server;
  server.once('error', (error) => {
    const taken = 'code' in error && error.code === 'EADDRINUSE';
    listening.reject(taken ? new ConfigError(`Port ${port} is taken: set API_PORT to another one`) : error);
  });
  await listening.promise;
  return {
    // Open requests finish; idle keep-alive connections would never end by themselves.
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
