import { createServer, type ServerResponse } from 'node:http';
import { ConfigError } from './config.ts';

/**
 * Serves `/healthz` (200 while the process answers at all) and `/readyz` (200 while `isReady`, otherwise 503) on `port` until closed, for a
 * process that serves no requests. Rejects with a {@link ConfigError} that names the variable when the port is taken.
 */
export async function serveProbes(
  port: number,
  isReady: () => Promise<boolean>,
): Promise<{ readonly close: () => void }> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') answer(response, true);
    else if (request.url === '/readyz') void answerReady(response, isReady);
    else response.writeHead(404).end();
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', (error) => {
    const taken = 'code' in error && error.code === 'EADDRINUSE';
    listening.reject(taken ? new ConfigError(`Port ${port} is taken: set PROBE_PORT to another one`) : error);
  });
  server.listen(port, () => {
    listening.resolve();
  });
  await listening.promise;
  return {
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answerReady(response: ServerResponse, isReady: () => Promise<boolean>): Promise<void> {
  answer(response, await isReady().catch(() => false));
}

function answer(response: ServerResponse, good: boolean): void {
  response.writeHead(good ? 200 : 503, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: good ? 'ok' : 'unavailable' }));
}
