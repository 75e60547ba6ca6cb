import { Kysely, PostgresDialect, type LogEvent } from 'kysely';
import { Pool, types, type PoolConfig } from 'pg';
import type { KeyRing } from '../key-ring.ts';
import { isTracing, recordSpan } from '../tracing/trace.ts';
import { prepareStatements, StatementNames } from './prepare-statements.ts';
import { encryptColumns } from './sealed-column.ts';
import type { Schema, Db } from './schema.ts';

// Every bigint of the schema is an amount or a counter below 2^53, which the domain checks on the way in.
types.setTypeParser(types.builtins.INT8, Number);

/** An open database: `db` for repositories, `pool` for what Kysely can't express. */
export interface Database {
  readonly db: Db;
  readonly pool: Pool;
  /** SQL statements sent since the start. */
  readonly statements: () => number;
  /** Statements that got no connection since the start, by reason. */
  readonly connectionErrors: () => Readonly<Record<ConnectionErrorReason, number>>;
  readonly close: () => Promise<void>;
}

/** Why a statement got no connection: `too_many` by the server's limit, `timeout` also when all of the pool are busy. */
export type ConnectionErrorReason = 'refused' | 'too_many' | 'timeout' | 'other';

/** How a database is opened. */
export interface DatabaseOptions {
  readonly max: number;
  readonly name: string;
  readonly onError: (error: Error) => void;
  /** With these payment methods and secrets are encrypted, and read whether they are or not. */
  readonly keys?: KeyRing | undefined;
}

/** Opens a pool on `url`. It connects with the first statement, which fails if the database is unavailable. */
export function openDatabase(url: string, options: DatabaseOptions): Database {
  if (options.keys) encryptColumns(options.keys);
  const pool = new Pool({ connectionString: url, max: options.max, application_name: options.name, ...limits });
  // The pool replaces an idle connection that breaks; without a listener the error would end the process.
  pool.on('error', options.onError);
  // The pool listens to idle connections only. One that breaks while it is in use would end the process as well; its user learns of
  // it from the statement.
  const statementNames = new StatementNames();
  pool.on('connect', (client) => {
    client.on('error', () => {});
    prepareStatements(client, statementNames);
  });
  let statements = 0;
  const connectionErrors: Record<ConnectionErrorReason, number> = { refused: 0, too_many: 0, timeout: 0, other: 0 };
  const connect = () =>
    pool.connect().catch((error: unknown) => {
      connectionErrors[reasonOf(error)] += 1;
      throw error;
    });
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } }),
    log: (event) => {
      statements += 1;
      if (isTracing()) traceStatement(event);
    },
  });
  return {
    db,
    pool,
    statements: () => statements,
    connectionErrors: () => connectionErrors,
    close: () => db.destroy(),
  };
}

/** Longer texts say no more to a reader. */
const MAX_QUERY_TEXT = 2_000;

/** What is traced of a statement is its text, never its parameters. */
function traceStatement({ query, queryDurationMillis, level }: LogEvent): void {
  const endedAtMs = Date.now();
  const text = query.sql.trim().replaceAll(/\s+/g, ' ');
  recordSpan({
    name: `SQL ${text.slice(0, 60)}`,
    kind: 'client',
    attributes: {
      'db.system.name': 'postgresql',
      'db.query.text': text.slice(0, MAX_QUERY_TEXT),
      'db.failed': level === 'error',
    },
    startedAtMs: endedAtMs - queryDurationMillis,
    endedAtMs,
  });
}

const limits = {
  // A caller waits at most this long for a free or new connection. A database that is down refuses at once; one that accepts
  // connections slowly, because the machine is busy, must not be taken for unavailable.
  connectionTimeoutMillis: 4_000,
  // Longer than a pause between two peaks of load, so that connections aren't opened again for each.
  idleTimeoutMillis: 60_000,
  // No statement takes longer than this, except on a database in trouble.
  statement_timeout: 10_000,
  // Ends the wait on a connection whose server has vanished silently.
  query_timeout: 12_000,
  keepAlive: true,
} satisfies PoolConfig;

const transientStates = /^(08|53|57P|57014|40001|40P01|25006)/;

/** Whether `error` says that the database is unavailable or overloaded, so that the same statement may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (transientStates.test(code) || /^E(CONN|PIPE|HOST|NET|TIMEDOUT|AI_AGAIN|NOTFOUND)/.test(code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  return /connection terminated|timeout (exceeded )?when trying to connect|query read timeout|not queryable|socket hang up|not currently accepting connections/i.test(
    error.message,
  );
}

function reasonOf(error: unknown): ConnectionErrorReason {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return 'other';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === '53300' || /remaining connection slots|too many (clients|connections)/i.test(error.message))
    return 'too_many';
  if (code === '57014' || /time(d )?out/i.test(`${code} ${error.message}`)) return 'timeout';
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|28\w{3}|57P0\d)$/.test(code) ? 'refused' : 'other';
}
