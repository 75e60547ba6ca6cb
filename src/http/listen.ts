import type { Server, ServerOptions, ServerResponse } from 'node:http';
import { RequestError, serve } from '@hono/node-server';
import { ConfigError } from '../config.ts';
import { answerBrokenRequests, brokenAddress } from './answer-broken-request.ts';

/** Room for a long token and a long query; what is larger is refused with 431. */
const MAX_HEADER_BYTES = 16_384;

/** Twice as many as there may be streams of events; each takes some kilobytes. */
const MAX_CONNECTIONS = 10_000;

/** How long a client may take to send a request, so that slow clients don't use up all connections. The answer is not limited by these. */
const limits: ServerOptions = {
  maxHeaderSize: MAX_HEADER_BYTES,
  // Headers are a few kilobytes.
  headersTimeout: 15_000,
  // A file of 100 MB over a line of 1 Mbit/s; how slow any body may be is bounded where it is read.
  requestTimeout: 15 * 60_000,
  // How late a client that takes too long may be noticed.
  connectionsCheckingInterval: 5_000,
  // Proxies usually keep a connection for a minute. Were ours closed earlier, a proxy might send a request on it while it is being closed.
  keepAliveTimeout: 75_000,
};

/** A server that listens. */
export interface HttpServer {
  /** Goes on answering, and ends each connection after the answer, so that clients open their next one elsewhere. */
  readonly sendAway: () => void;
  /** Accepts no more connections and resolves when the open requests are answered; what is open after `limitMs` is cut off. */
  readonly close: (limitMs: number) => Promise<void>;
}

/** Serves `app` until closed; a taken port is a {@link ConfigError} that names `variable`, which sets it. */
export async function listen(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port, variable = 'API_PORT' }: { host: string; port: number; variable?: string },
): Promise<HttpServer> {
  const listening = Promise.withResolvers<void>();
  const options = { fetch: app.fetch, hostname: host, port, serverOptions: limits, errorHandler: answerFailure };
  const server = serve(options, () => {
    listening.resolve();
  }) as Server;
  server.maxConnections = MAX_CONNECTIONS;
  answerBrokenRequests(server, MAX_HEADER_BYTES);
  // Who waits to be told to go on is told so where the body is read, and not before it is known to be wanted.
  server.on('checkContinue', (request, answer) => server.emit('request', request, answer));
  server.once('error', (error) => {
    const taken = 'code' in error && error.code === 'EADDRINUSE';
    listening.reject(taken ? new ConfigError(`Port ${port} is taken: set ${variable} to another one`) : error);
  });
  const connections = trackConnections(server);
  await listening.promise;
  return {
    sendAway: connections.sendAway,
    close: async (limitMs) => {
      connections.end();
      const closed = Promise.withResolvers<void>();
      const limit = setTimeout(() => server.closeAllConnections(), limitMs);
      server.close(() => {
        clearTimeout(limit);
        closed.resolve();
      });
      await closed.promise;
    },
  };
}

/** Ends connections between two requests, where no request is lost. Node's own `close` keeps those open that are busy just then, for another request. */
function trackConnections(server: Server): { readonly sendAway: () => void; readonly end: () => void } {
  const open = new Set<ServerResponse>();
  let isSendingAway = false;
  let isEnding = false;
  server.prependListener('request', ({ socket }, response) => {
    open.add(response);
    if (isSendingAway) response.shouldKeepAlive = false;
    response.once('close', () => {
      open.delete(response);
      // An answer that began earlier promised to keep the connection.
      if (isEnding) socket.end();
    });
  });
  const sendAway = () => {
    isSendingAway = true;
    for (const response of open) if (!response.headersSent) response.shouldKeepAlive = false;
  };
  return {
    sendAway,
    end: () => {
      sendAway();
      isEnding = true;
    },
  };
}

/** The app answers its own failures: what fails before it has no usable address. */
function answerFailure(error: unknown): Response {
  return error instanceof RequestError ? brokenAddress() : new Response(null, { status: 500 });
}
