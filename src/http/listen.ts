import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { ConfigError } from '../config.ts';

/** How long a client may take to send a request, so that slow clients don't use up all connections. The answer is not limited by these. */
const limits = {
  // Headers are a few kilobytes.
  headersTimeout: 15_000,
  // A file of 100 MB over a line of 1 Mbit/s; other bodies are small, and their routes have a limit of their own.
  requestTimeout: 15 * 60_000,
  // Proxies usually keep a connection for a minute. Were ours closed earlier, a proxy might send a request on it while it is being closed.
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
