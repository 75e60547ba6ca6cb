import type { Client } from 'pg';

/** What the database has written since its start, and its size now. */
export interface DatabaseWrites {
  readonly commits: number;
  readonly walBytes: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly bytes: number;
}

/** Reads them. Sessions that are in a transaction are counted when it ends, and within a second. */
export async function readDatabaseWrites(database: Client): Promise<DatabaseWrites> {
  const { rows } = await database.query<DatabaseWrites>(`
    select xact_commit::float8 as commits, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as "walBytes",
           tup_inserted::float8 as inserted, tup_updated::float8 as updated, tup_deleted::float8 as deleted,
           pg_database_size(current_database())::float8 as bytes
      from pg_stat_database where datname = current_database()`);
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL does not know its own database.');
  return row;
}

/** Computes what was written between the two, for each order. */
export function computeWritesPerOrder(
  before: DatabaseWrites,
  after: DatabaseWrites,
  orders: number,
): Readonly<Record<keyof DatabaseWrites, number>> {
  const perOrder = (name: keyof DatabaseWrites) => (after[name] - before[name]) / orders;
  return {
    commits: perOrder('commits'),
    walBytes: perOrder('walBytes'),
    inserted: perOrder('inserted'),
    updated: perOrder('updated'),
    deleted: perOrder('deleted'),
    bytes: perOrder('bytes'),
  };
}
