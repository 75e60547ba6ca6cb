import { Pool, TypeOverrides, types } from 'pg';
import type { PoolClient, QueryResultRow } from 'pg';
import type { Logger } from '../../src/logger.ts';

export type { Pool } from 'pg';

/** A statement that is prepared once per connection, under its name. */
export interface Statement {
  name: string;
  text: string;
}

/** Enough to keep two cores busy; with more, requests would only queue in PostgreSQL instead of here. */
const MAX_CONNECTIONS = 12;
/** Also limits the wait for a free connection, so it must be long enough for thousands of concurrent requests. */
const CONNECT_TIMEOUT_MS = 20_000;
/** Far longer than any statement here, and shorter than callers wait. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** A statement that lost a deadlock had no effect and can be repeated; after three times something else is wrong. */
const DEADLOCK_ATTEMPTS = 3;

/** Opens a pool in which `bigint` reads as a number; a lost connection is logged and replaced, never thrown. */
export function openPool(databaseUrl: string, logger: Logger): Pool {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(types.builtins.INT8, Number);
  const pool = new Pool({
    connectionString: databaseUrl,
    max: MAX_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'sandbox',
    types: overrides,
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'database connection lost'));
  return pool;
}

/** Runs one statement and returns its rows; retries after a deadlock. */
export async function run<Row extends QueryResultRow>(
  db: Pool | PoolClient,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await db.query<Row>({ ...statement, values: [...values] })).rows;
    } catch (error) {
      if (sqlState(error) !== '40P01' || attempt === DEADLOCK_ATTEMPTS) throw error;
    }
  }
}

/** Runs `work` in one transaction; rolls back and rethrows when it throws. */
export async function transaction<Result>(pool: Pool, work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  // A lost connection is also reported here; without a listener it would end the process.
  client.on('error', ignore);
  let failure: unknown;
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    failure = error;
    await client.query('ROLLBACK').catch(ignore);
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(failure !== undefined && isUnavailable(failure));
  }
}

/** Returns the SQLSTATE of a PostgreSQL error, or the code of a network error. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Returns whether the error means that the database is unavailable, and not that the statement is wrong. */
export function isUnavailable(error: unknown): boolean {
  const code = sqlState(error) ?? '';
  if (/^(08|57P|53|E[A-Z_]+$)/.test(code) || code === '57014') return true;
  return error instanceof Error && /connection terminated|timeout exceeded when trying to connect/i.test(error.message);
}

function ignore(): void {}
