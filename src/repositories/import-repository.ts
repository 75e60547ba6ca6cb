import { sql, type Selectable } from 'kysely';
import {
  importOrderStates,
  type Import,
  type ImportCounts,
  type ImportOrderState,
  type ImportProgress,
  type ImportStatus,
} from '../domain/import.ts';
import type { Db } from './schema.ts';
import type { ImportsTable } from './schema/import-tables.ts';

/** An import by its id; an upload that is not complete is not found. */
export async function findImport(db: Db, id: string): Promise<Import | undefined> {
  const row = await db
    .selectFrom('imports')
    .selectAll()
    .where('id', '=', id)
    .where('status', '!=', 'UPLOADING')
    .executeTakeFirst();
  return row && toImport(row);
}

/** The import that was registered under this subject's key, if any. */
export async function findKeyedImport(db: Db, subject: string, key: string): Promise<Import | undefined> {
  const row = await db
    .selectFrom('imports')
    .selectAll()
    .where('subject', '=', subject)
    .where('idempotency_key', '=', key)
    .where('status', '!=', 'UPLOADING')
    .executeTakeFirst();
  return row && toImport(row);
}

/** Counts the orders of an import by state. */
export async function readProgress(
  db: Db,
  { id: importId, finalProgress }: Pick<Import, 'id' | 'finalProgress'>,
): Promise<ImportProgress> {
  if (finalProgress) return finalProgress;
  const rows = await db
    .selectFrom('import_counts')
    .select(({ fn }) => [
      'state',
      fn.sum<string>('orders').as('orders'),
      fn.sum<string>('with_order').as('withOrder'),
      fn.sum<string>('error_lines').as('errorLines'),
    ])
    .where('import_id', '=', importId)
    .groupBy('state')
    .execute();
  const of = (state: ImportOrderState) => rows.find((row) => row.state === state);
  return {
    counts: Object.fromEntries(
      importOrderStates.map((state) => [state, Number(of(state)?.orders ?? 0)]),
    ) as ImportCounts,
    placed: rows.filter(({ state }) => state !== 'REPEATED').reduce((sum, { withOrder }) => sum + Number(withOrder), 0),
    errorRows: rows.reduce((sum, { errorLines }) => sum + Number(errorLines), 0),
  };
}

/** Writes an import's status unless it has ended or a newer one is written; returns the status that it has. */
export async function writeImportStatus(
  db: Db,
  importId: string,
  { status, version }: { status: ImportStatus; version: number },
): Promise<ImportStatus | undefined> {
  await db
    .updateTable('imports')
    .set({ status, status_version: version })
    .where('id', '=', importId)
    .where('status', 'in', ['RUNNING', 'PAUSED'])
    .where('status_version', '<', version)
    .execute();
  return (await findImport(db, importId))?.status;
}

/** Completes an import; one that is cancelled keeps that status and is complete as well. Returns the status that it has. */
export async function completeImport(db: Db, importId: string): Promise<ImportStatus | undefined> {
  // Nothing of it is open any more, so that its counts are final, and lists of imports need not count again.
  const progress = await readProgress(db, { id: importId, finalProgress: null });
  await db
    .updateTable('imports')
    .set({
      status: sql`case when status = 'CANCELLED' then status else 'COMPLETED' end`,
      completed_at: sql`now()`,
      final_progress: JSON.stringify(progress),
    })
    .where('id', '=', importId)
    .where('completed_at', 'is', null)
    .execute();
  return (await findImport(db, importId))?.status;
}

/** Writes who has seen to what failed of an import, unless somebody has. */
export async function writeAcknowledgement(db: Db, importId: string, actor: string): Promise<void> {
  await db
    .updateTable('imports')
    .set({ acknowledged_at: sql`now()`, acknowledged_by: actor })
    .where('id', '=', importId)
    .where('acknowledged_at', 'is', null)
    .execute();
}

/** Up to 100 open imports that nobody has claimed for `seconds`, claimed for the caller. */
export async function claimOpenImports(
  db: Db,
  { started, seconds }: { started: boolean; seconds: number },
): Promise<Import[]> {
  const rows = await db
    .updateTable('imports')
    .set({ start_claimed_at: sql`now()` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('imports as open')
        .select('open.id')
        .where('open.completed_at', 'is', null)
        .where('open.status', '!=', 'UPLOADING')
        .where('open.workflow_started', '=', started)
        .where(sql<boolean>`open.created_at < now() - make_interval(secs => ${seconds})`)
        .where(sql<boolean>`coalesce(open.start_claimed_at < now() - make_interval(secs => ${seconds}), true)`)
        .orderBy('open.created_at')
        .limit(100)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  return rows.map(toImport);
}

/** Writes that Temporal has the import's workflow, so that the relay no longer starts it. */
export async function markImportStarted(db: Db, importId: string): Promise<void> {
  await db.updateTable('imports').set({ workflow_started: true }).where('id', '=', importId).execute();
}

/** An import of its row. */
export function toImport(row: Selectable<ImportsTable>): Import {
  return {
    id: row.id,
    kind: row.kind,
    status: row.status as ImportStatus,
    subject: row.subject,
    roles: row.roles,
    actor: row.actor,
    bodyHash: row.body_hash,
    fileName: row.file_name,
    format: row.format,
    rows: row.row_count,
    total: row.order_count,
    createdAt: row.created_at,
    completedAt: row.completed_at,
    finalProgress: row.final_progress,
    haveRowsExpired: row.rows_expired,
    acknowledged: row.acknowledged_at && { at: row.acknowledged_at, by: row.acknowledged_by ?? '' },
  };
}
