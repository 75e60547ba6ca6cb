import { sql, type Selectable } from 'kysely';
import {
  importOrderStates,
  type Import,
  type ImportCounts,
  type ImportOrderState,
  type ImportStatus,
} from '../domain/import.ts';
import type { Db } from './schema.ts';
import type { ImportsTable } from './schema/import-tables.ts';

/** An import by its id; an upload that is not complete is none. */
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

/** How far an import has come. */
export interface ImportProgress {
  readonly counts: ImportCounts;
  /** Orders that it has placed, whatever became of them. */
  readonly placed: number;
  /** Lines of orders that failed or were not placed. */
  readonly errorRows: number;
}

/** Counts the orders of an import by what has become of them. */
export async function readProgress(db: Db, importId: string): Promise<ImportProgress> {
  const rows = await db
    .selectFrom('import_orders')
    .select(({ fn }) => [
      'state',
      fn.countAll<number>().as('orders'),
      fn.count<number>('order_id').as('with_order'),
      fn.sum<number | string>('line_count').as('lines'),
    ])
    .where('import_id', '=', importId)
    .groupBy('state')
    .execute();
  const of = (state: ImportOrderState) => rows.find((row) => row.state === state);
  return {
    counts: Object.fromEntries(importOrderStates.map((state) => [state, of(state)?.orders ?? 0])) as ImportCounts,
    placed: rows.filter(({ state }) => state !== 'REPEATED').reduce((sum, row) => sum + row.with_order, 0),
    errorRows: Number(of('FAILED')?.lines ?? 0) + Number(of('CANCELLED')?.lines ?? 0),
  };
}

/** Writes where an import stands unless it has ended or something newer is known; returns where it stands. */
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

/** Ends an import that is neither cancelled nor has anything open; notes of a cancelled one that nothing is open any more. */
export async function completeImport(db: Db, importId: string): Promise<ImportStatus | undefined> {
  await db
    .updateTable('imports')
    .set({
      status: sql`case when status = 'CANCELLED' then status else 'COMPLETED' end`,
      completed_at: sql`now()`,
    })
    .where('id', '=', importId)
    .where('completed_at', 'is', null)
    .execute();
  return (await findImport(db, importId))?.status;
}

/** Imports that are open and have not been looked at for `seconds`, claimed for the caller for as long. */
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

/** Takes an import off the relay's list once the engine has its workflow. */
export async function markImportStarted(db: Db, importId: string): Promise<void> {
  await db.updateTable('imports').set({ workflow_started: true }).where('id', '=', importId).execute();
}

function toImport(row: Selectable<ImportsTable>): Import {
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
  };
}
