import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Logger } from '../logger.ts';

/** How soon a port that is taken is tried again: a process that stops gives it up within ten seconds. */
const RETRY_MS = 5_000;

/** A Prometheus sends its request at once; a connection that sends none takes no place for long. */
const HEADERS_TIMEOUT_MS = 5_000;

/** More than there are Prometheus servers and people who look. */
const MAX_CONNECTIONS = 64;

/** What is served, and where. */
export interface MetricsEndpoint {
  readonly host: string;
  readonly port: number;
  readonly contentType: string;
  readonly render: () => Promise<string>;
}

/**
 * Serves `GET /metrics` until it is closed. A port that is taken is logged with the name of its variable and tried again: orders
 * matter more than figures, so the process goes on without.
 */
export function serveMetrics(endpoint: MetricsEndpoint, logger: Logger): { readonly close: () => Promise<void> } {
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS });
  server.maxConnections = MAX_CONNECTIONS;
  const answer = createAnswer(endpoint, logger);
  server.on('request', ({ method = '', url = '' }, response) => {
    const isKnown = /^\/metrics\/?(\?|$)/.test(url) && (method === 'GET' || method === 'HEAD');
    if (isKnown) void answer(response);
    else response.writeHead(404).end();
  });
  const stopTrying = keepListening(server, endpoint, logger);
  return {
    close: () => {
      stopTrying();
      server.closeAllConnections();
      return new Promise((resolve) => {
        // Rejects nothing: a server that never listened is closed.
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

function keepListening(server: Server, { host, port }: MetricsEndpoint, logger: Logger): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isReported = false;
  server.on('listening', () => {
    logger.info({ host, port }, 'metrics are served');
  });
  server.on('error', (error) => {
    if (!isReported) logger.error({ err: error, host, port }, describe(error));
    isReported = true;
    timer = setTimeout(() => server.listen(port, host), RETRY_MS).unref();
  });
  server.listen(port, host);
  return () => {
    clearTimeout(timer);
  };
}

function describe(error: Error): string {
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  return isTaken
    ? 'metrics are not served, since their port is taken: set METRICS_PORT to another one, or to 0 for none'
    : 'metrics are not served: METRICS_HOST and METRICS_PORT say where';
}

/** Requests that come while an answer is made share it. */
function createAnswer({ render, contentType }: MetricsEndpoint, logger: Logger) {
  let rendering: Promise<string> | undefined;
  return async (response: ServerResponse): Promise<void> => {
    try {
      rendering ??= render().finally(() => {
        rendering = undefined;
      });
      const text = await rendering;
      response.writeHead(200, { 'content-type': contentType }).end(text);
    } catch (error) {
      logger.warn({ err: error }, 'metrics not rendered');
      response.writeHead(500).end();
    }
  };
}
