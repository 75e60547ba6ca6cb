import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { readApiAddress } from './api-address.ts';

const pids = z.object({
  postgres: z.number().optional(),
  temporal: z.number().optional(),
  sandbox: z.number().optional(),
  app: z.number().optional(),
  notifier: z.number().optional(),
});

/** The addresses of the services that the running system uses, by the variable that sets each. */
const services = z.object({
  INVENTORY_URL: z.string(),
  PAYMENT_URL: z.string(),
  CUSTOMER_URL: z.string(),
  NOTIFICATION_URL: z.string(),
});

const runningSystem = z.object({
  apiUrl: z.string().default('http://127.0.0.1:3000'),
  sandboxUrl: z.string().default('http://127.0.0.1:3100'),
  services: services.optional(),
  metricsUrl: z.string().default('http://127.0.0.1:9464/metrics'),
  webUiUrl: z.string().optional(),
  temporalAddress: z.string().default('127.0.0.1:7233'),
  temporalNamespace: z.string().default('default'),
  databaseUrl: z.string().optional(),
  /** The same database as the superuser of its server, if that is a local one: for tools that measure. */
  databaseAdminUrl: z.string().optional(),
  jwtSecret: z.string().optional(),
  jwtIssuer: z.string().default('order-saga'),
  jwtAudience: z.string().default('orders'),
  pids: pids.default({}),
});

/** The running system's addresses and secrets, and the ids of the processes that `npm start` runs. */
export type RunningSystem = z.infer<typeof runningSystem>;

/** Returns the path of the file that describes the running system; it exists while the system runs. */
export function runningSystemFile(dataDir: string): string {
  return join(dataDir, 'running.json');
}

/**
 * Reads the description of the running system from its data directory. Environment variables override it (`API_URL`,
 * `SANDBOX_URL`, `WEB_UI_URL`, `TEMPORAL_ADDRESS`, `TEMPORAL_NAMESPACE`, `DATABASE_URL`, `JWT_SECRET`, `JWT_ISSUER`,
 * `JWT_AUDIENCE`). Returns `undefined` when neither the file nor `API_URL` exists.
 */
export function readRunningSystem(env: NodeJS.ProcessEnv = process.env): RunningSystem | undefined {
  const written = readFile(runningSystemFile(findDataDirectory(env)));
  if (written === undefined && !env['API_URL']) return undefined;
  const overrides = {
    apiUrl: readApiAddress(env['API_URL'] ?? '') ?? env['API_URL'],
    sandboxUrl: env['SANDBOX_URL'],
    webUiUrl: env['WEB_UI_URL'],
    temporalAddress: env['TEMPORAL_ADDRESS'],
    temporalNamespace: env['TEMPORAL_NAMESPACE'],
    databaseUrl: env['DATABASE_URL'],
    jwtSecret: env['JWT_SECRET'],
    jwtIssuer: env['JWT_ISSUER'],
    jwtAudience: env['JWT_AUDIENCE'],
  };
  const given = Object.fromEntries(Object.entries(overrides).filter(([, value]) => value));
  return runningSystem.parse({ ...(written === undefined ? {} : parseObject(written)), ...given });
}

/** Reads the secret that signs the local system's tokens: `JWT_SECRET`, else the one in the data directory, also while nothing runs. */
export function readLocalSecret(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env['JWT_SECRET'] || readFile(join(findDataDirectory(env), 'jwt-secret'))?.trim();
}

function findDataDirectory(env: NodeJS.ProcessEnv): string {
  return resolve(env['DATA_DIR'] || '.data');
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseObject(json: string): object {
  const value: unknown = JSON.parse(json);
  return typeof value === 'object' && value !== null ? value : {};
}
