import { sql } from 'kysely';
import type { ImportProgress } from '../domain/import.ts';
import type { Db } from './schema.ts';

/** Up to ten imports that ended longer than `retentionMs` ago and still have their rows. */
export async function findImportsPastRetention(db: Db, retentionMs: number): Promise<string[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('rows_removed_at', 'is', null)
    .where(sql<boolean>`completed_at < now() - ${retentionMs}::double precision * interval '1 millisecond'`)
    .orderBy('completed_at')
    .limit(10)
    .execute();
  return rows.map(({ id }) => id);
}

/** Rows removed by one statement, which takes a fraction of its time limit. */
const REMOVED_AT_ONCE = 50_000;

/** Removes the rows and orders of an ended import; how they ended stays, or is `progress` where it was not written. Calling it again, or from several processes, is safe. */
export async function removeImportRows(db: Db, importId: string, progress: ImportProgress): Promise<void> {
  // The first count stays: a later one may miss what has been removed meanwhile.
  await db
    .updateTable('imports')
    .set({ final_progress: sql`coalesce(final_progress, ${JSON.stringify(progress)}::jsonb)`, rows_expired: true })
    .where('id', '=', importId)
    .where('completed_at', 'is not', null)
    .execute();
  for (const table of ['import_rows', 'import_orders'] as const) {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(
          select r.ctid from ${sql.table(table)} as r join imports as i on i.id = r.import_id
          where r.import_id = ${importId}::uuid and i.rows_expired limit ${REMOVED_AT_ONCE}))`.execute(db);
      if (numAffectedRows < BigInt(REMOVED_AT_ONCE)) break;
    }
  }
  await db
    .updateTable('imports')
    .set({ rows_removed_at: sql`now()` })
    .where('id', '=', importId)
    .where('rows_expired', '=', true)
    .execute();
}
