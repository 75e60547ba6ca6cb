import { serve } from '@hono/node-server';
import { ConfigError } from '../src/config.ts';
import { createLogger } from '../src/logger.ts';
import { createSandbox } from './sandbox/app.ts';
import { readSandboxConfig } from './sandbox/sandbox-config.ts';

/** How long requests in progress may take after the stop signal. */
const GRACE_MS = 3_000;
/** Longer than clients keep an idle connection, so that no connection closes during a request. */
const KEEP_ALIVE_MS = 65_000;

try {
  await main();
} catch (error) {
  fail(error instanceof ConfigError ? error.message : `The sandbox could not start: ${reason(error)}`);
}

async function main(): Promise<void> {
  const { log, databaseUrl, host, port, webhooks, texts } = readSandboxConfig();
  const logger = createLogger(log, 'sandbox');
  const sandbox = await createSandbox({ databaseUrl, logger, webhooks, texts });

  const server = serve(
    { fetch: sandbox.app.fetch, hostname: host, port, serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS } },
    () => logger.info({ host, port }, 'sandbox listens'),
  );
  server.on('error', (error: NodeJS.ErrnoException) => {
    fail(
      error.code === 'EADDRINUSE'
        ? `Port ${port} is taken; set SANDBOX_PORT to a free one`
        : `The sandbox can't listen on ${host}:${port} (SANDBOX_HOST, SANDBOX_PORT): ${error.message}`,
    );
  });

  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    const force = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(force);
      void sandbox.close().finally(() => logger.info('sandbox stopped'));
    });
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
