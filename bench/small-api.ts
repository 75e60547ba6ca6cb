import { Client } from 'pg';
import { freePort } from '../dev/local/free-port.ts';
import { respondsOk, startProcess } from '../dev/local/node-process.ts';
import { migrateToLatest } from '../src/repositories/migrate.ts';
import type { PartContext } from './part.ts';
import { seedOrders } from './seed-orders.ts';

/** An API with its own database of few orders, on the system's PostgreSQL; disposing of it stops it. */
export interface SmallApi extends AsyncDisposable {
  readonly apiUrl: string;
  readonly databaseUrl: string;
}

/** Creates the database unless it exists, and starts an API on it. */
export async function startSmallApi({ system, say }: PartContext, orders: number): Promise<SmallApi> {
  const running = system.running();
  if (running.databaseAdminUrl === undefined) throw new Error('The system has no database of its own.');
  const url = new URL(running.databaseAdminUrl);
  url.pathname = `/orders_${orders}`;
  await ensureDatabase(running.databaseAdminUrl, `orders_${orders}`);
  await migrateToLatest(url.href);
  await seedOrders(url.href, orders, say);
  const port = await freePort();
  const apiUrl = `http://127.0.0.1:${port}`;
  const server = await startProcess(
    {
      main: 'src/main-api',
      env: {
        ...process.env,
        ROLE: 'api',
        API_PORT: String(port),
        METRICS_PORT: '0',
        DATABASE_URL: url.href,
        JWT_SECRET: running.jwtSecret,
        JWT_ISSUER: running.jwtIssuer,
        JWT_AUDIENCE: running.jwtAudience,
        ...running.services,
        TEMPORAL_ADDRESS: running.temporalAddress,
        TEMPORAL_NAMESPACE: running.temporalNamespace,
      },
      log: () => {},
    },
    () => respondsOk(`${apiUrl}/readyz`),
  );
  return { apiUrl, databaseUrl: url.href, [Symbol.asyncDispose]: () => server.stop() };
}

async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
}
