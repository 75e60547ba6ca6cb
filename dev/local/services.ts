import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readNotifierConfig } from '../../src/config/notifier-config.ts';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { createConsoleLog, createFileLog, type LoggedProcess } from './console.ts';
import { respondsOk, type NodeProcess, startProcess } from './node-process.ts';
import { buildDatabaseUrls, ensureDatabases, type Passwords } from './local-databases.ts';
import { startPostgres } from './postgres.ts';
import type { LogLine, ServerProcess } from './server-process.ts';
import type { StartConfig } from './start-config.ts';
import { findTemporalCli } from './temporal-cli.ts';
import { startTemporalServer } from './temporal-server.ts';

/** Returns a function that starts PostgreSQL on the configured port and data, with its databases and roles. */
export function createPostgresStarter(config: StartConfig, passwords: Passwords): () => Promise<ServerProcess> {
  const log = createFileLog(join(config.dataDir, 'postgres.log'));
  const options = { dataDir: join(config.dataDir, 'postgres'), port: config.postgresPort, log };
  return async () => {
    const server = await startPostgres({ ...options, password: passwords.postgres });
    await ensureDatabases(server.url, passwords);
    return server;
  };
}

/** Finds the Temporal binary and returns a function that starts Temporal on the configured ports and data. */
export async function createTemporalStarter(
  config: StartConfig,
  progress: LogLine,
): Promise<() => Promise<ServerProcess>> {
  const cli = await findTemporalCli({ progress });
  const log = createFileLog(join(config.dataDir, 'temporal.log'));
  const { temporalPort: port, temporalUiPort: uiPort } = config;
  return () => startTemporalServer({ cli, port, uiPort, dbFile: join(config.dataDir, 'temporal.db'), log });
}

/** Starts the sandbox services and waits until they answer. */
export async function startSandbox(config: StartConfig, env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  return await startProcess(describeProcess('sandbox', env), () =>
    respondsOk(`http://127.0.0.1:${config.sandboxPort}/healthz`),
  );
}

/** Starts the API (with a worker in the same process, unless `ROLE` says otherwise) and waits until it is ready for orders. */
export async function startApp(config: StartConfig, env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  return await startProcess({ ...describeProcess('app', env), main: 'src/main-api' }, () =>
    respondsOk(`http://127.0.0.1:${config.product.api.port}/readyz`),
  );
}

/** Starts a worker on its own. */
export async function startWorker(env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  return await startProcess(describeProcess('worker', env), () => Promise.resolve(true));
}

/** Starts the notifier. The app has the port of the metrics. */
export async function startNotifier(env: NodeJS.ProcessEnv): Promise<ServerProcess> {
  // One that ends because of a wrong setting would be restarted for ever.
  readNotifierConfig(env);
  const own = describeProcess('notifier', { ...env, METRICS_PORT: '0' });
  return await startProcess(own, () => Promise.resolve(true));
}

/** Describes one of the processes; its log records are made readable on the console unless `LOG_FORMAT` is set. */
export function describeProcess(name: LoggedProcess, env: NodeJS.ProcessEnv): NodeProcess {
  const raw = process.env['LOG_FORMAT'] !== undefined;
  return {
    main: `${name === 'sandbox' ? 'dev' : 'src'}/main-${name}`,
    env,
    log: createConsoleLog(name, { raw }),
  };
}

/** A machine that is busy with more than this system takes longer than the ten seconds that the client has by itself. */
const CONNECT_LIMIT_MS = 60_000;

/** Registers the search attributes in the namespace that the product uses. */
export async function addSearchAttributes(config: StartConfig, env: NodeJS.ProcessEnv): Promise<void> {
  const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: keepDefined(env) });
  const connection = await Connection.connect({ ...connectionOptions, connectTimeout: CONNECT_LIMIT_MS });
  try {
    await ensureSearchAttributes(connection, namespace ?? config.namespace);
  } finally {
    await connection.close();
  }
}

function keepDefined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * The secret that signs tokens, unless keys are published elsewhere, the one that signs the payment service's webhooks, and the
 * passwords of the local PostgreSQL, unless it is elsewhere.
 */
export interface Secrets {
  readonly jwt: string | undefined;
  readonly paymentWebhook: string;
  readonly passwords: Passwords | undefined;
}

/** The environments of the processes: that of this process, with the addresses and secrets of the local servers. */
export interface Environments {
  /** That of the API and the worker, which is no more than they need. */
  readonly product: NodeJS.ProcessEnv;
  readonly migrate: NodeJS.ProcessEnv;
  readonly sandbox: NodeJS.ProcessEnv;
}

/** Builds the environment of each process; each connects to PostgreSQL as its own role. */
export function buildEnvironments(config: StartConfig, secrets: Secrets): Environments {
  const { MIGRATION_DATABASE_URL, SANDBOX_DATABASE_URL, ...env } = buildProductEnvironment(config, secrets);
  const { passwords } = secrets;
  const own = passwords && buildDatabaseUrls(config.postgresPort, passwords);
  const product = { ...env, ...(own && { DATABASE_URL: own.running }) };
  const migration = own?.migration ?? MIGRATION_DATABASE_URL;
  // A role that may make the sandbox's tables.
  const sandbox = own?.sandbox ?? (SANDBOX_DATABASE_URL || migration);
  return {
    product,
    migrate: { ...product, ...(migration && { MIGRATION_DATABASE_URL: migration }) },
    sandbox: { ...product, ...(sandbox && { SANDBOX_DATABASE_URL: sandbox }) },
  };
}

function buildProductEnvironment(config: StartConfig, secrets: Secrets): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { LOG_FORMAT: 'json', ...config.env };
  if (config.hasOwnTemporal) {
    // The dev server has neither TLS nor API keys; such settings are meant for another server.
    for (const name of Object.keys(env)) if (/^TEMPORAL_(TLS|API_KEY|CONFIG_FILE)/.test(name)) delete env[name];
    env['TEMPORAL_ADDRESS'] = `127.0.0.1:${config.temporalPort}`;
    env['TEMPORAL_NAMESPACE'] = config.namespace;
  }
  if (secrets.jwt !== undefined) env['JWT_SECRET'] = secrets.jwt;
  const webhooks = `http://127.0.0.1:${config.product.api.port}/api/v1/webhooks`;
  env['PAYMENT_WEBHOOK_SECRET'] = secrets.paymentWebhook;
  env['PAYMENT_WEBHOOK_URL'] ||= `${webhooks}/payments`;
  // The sandbox is all of these services.
  env['INVENTORY_WEBHOOK_SECRET'] ||= secrets.paymentWebhook;
  env['INVENTORY_WEBHOOK_URL'] ||= `${webhooks}/inventory`;
  env['SHIPPING_WEBHOOK_SECRET'] ||= secrets.paymentWebhook;
  env['SHIPPING_WEBHOOK_URL'] ||= `${webhooks}/shipping`;
  // Receivers that are tried out run on this machine.
  env['WEBHOOK_ALLOW_PRIVATE'] ||= 'true';
  return env;
}
