import { sql } from 'kysely';
import type { Pool } from 'pg';
import type { ImportFormat } from '../domain/import-columns.ts';
import type { CheckedLine, ImportFailure, ImportKind } from '../domain/import.ts';
import type { Db } from './schema.ts';

/** An import before its first line. */
export interface NewImport {
  readonly id: string;
  readonly kind: ImportKind;
  readonly subject: string;
  readonly roles: readonly string[];
  readonly actor: string;
  readonly idempotencyKey: string | null;
  readonly fileName: string | null;
}

/** A line with the reference of its order; empty when it has none. */
export interface ReferencedLine extends CheckedLine {
  readonly reference: string;
}

/** Begins an upload. It is not shown to anybody before {@link registerImport}. */
export async function beginUpload(db: Db, upload: NewImport): Promise<void> {
  await db
    .insertInto('imports')
    .values({
      id: upload.id,
      kind: upload.kind,
      subject: upload.subject,
      roles: [...upload.roles],
      actor: upload.actor,
      idempotency_key: upload.idempotencyKey,
      file_name: upload.fileName,
    })
    .execute();
}

/** Adds lines to an upload; rejects if the upload has been removed. */
export async function appendLines(db: Db, importId: string, lines: readonly ReferencedLine[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    with touched as (update imports set touched_at = now() where id = ${importId}::uuid)
    insert into import_rows (import_id, line, reference, cells, faults)
    select ${importId}::uuid, r.line, r.reference, r.cells, nullif(r.faults, '[]')
    from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as r(line integer, reference text, cells jsonb, faults jsonb)`.execute(
    db,
  );
}

/** An order of a batch in JSON, and why it can't be placed if that is known already. */
export interface BatchOrder {
  readonly reference: string;
  readonly json: string;
  readonly failure: ImportFailure | null;
}

/** Adds orders of a batch; the first of them has the position `first` in it. */
export async function appendOrders(db: Db, importId: string, orders: readonly BatchOrder[], first = 0): Promise<void> {
  const entries = orders.map(
    ({ reference, json, failure }) =>
      `{"reference":${JSON.stringify(reference)},"body":${json},"failure":${JSON.stringify(failure)}}`,
  );
  await sql`
    insert into import_orders (import_id, position, reference, line_count, body, failure, state)
    select ${importId}::uuid, ${first}::bigint + r.position - 1, r.entry->>'reference', 1, r.entry->'body',
      nullif(r.entry->'failure', 'null'), case when r.entry->'failure' = 'null' then 'WAITING' else 'FAILED' end
    from jsonb_array_elements(${`[${entries.join()}]`}::jsonb) with ordinality as r(entry, position)`.execute(db);
}

/** Grouping two million lines takes some ten seconds, and several times that on a busy machine. */
const GROUPING_LIMIT_MS = 120_000;

/**
 * Makes one order of all lines with the same reference, in the order of their first lines; a line without a reference is an order
 * of its own. It takes the pool, because this is the one statement that may take longer than the limit of all others.
 */
export async function groupLines(pool: Pool, importId: string): Promise<void> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('begin');
    await client.query(`set local statement_timeout = ${GROUPING_LIMIT_MS}`);
    const grouping = { text: GROUP_LINES, values: [importId], query_timeout: GROUPING_LIMIT_MS };
    await client.query(grouping);
    await client.query('commit');
    broken = false;
  } finally {
    client.release(broken);
  }
}

const GROUP_LINES = `
  insert into import_orders (import_id, position, reference, first_line, line_count)
  select $1::uuid, row_number() over (order by first_line) - 1, reference, first_line, line_count
  from (
    select reference, min(line) as first_line, count(*) as line_count
    from import_rows where import_id = $1::uuid
    group by reference, case when reference = '' then line end
  ) as orders`;

/** What is known of an upload once its last byte has arrived. */
export interface CompleteUpload {
  readonly bodyHash: string;
  readonly format: ImportFormat | null;
}

/** Another import is registered under the same key; this one is to be discarded. */
export class KeyTakenError extends Error {
  override readonly name = 'KeyTakenError';
}

/** Makes a complete upload a running import. Rejects with {@link KeyTakenError}. */
export async function registerImport(db: Db, importId: string, { bodyHash, format }: CompleteUpload): Promise<void> {
  try {
    const { numUpdatedRows } = await db
      .updateTable('imports')
      .set({
        status: 'RUNNING',
        body_hash: bodyHash,
        format: JSON.stringify(format),
        row_count: sql`(select coalesce(sum(line_count), 0) from import_orders where import_id = ${importId}::uuid)`,
        order_count: sql`(select count(*) from import_orders where import_id = ${importId}::uuid)`,
        created_at: sql`now()`,
        touched_at: sql`now()`,
      })
      .where('id', '=', importId)
      .where('status', '=', 'UPLOADING')
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw new Error('the upload has been removed');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION) throw new KeyTakenError();
    throw error;
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/** Rows removed by one statement, which takes a fraction of its time limit. */
const REMOVED_AT_ONCE = 50_000;

/** Removes an interrupted upload; a registered import stays. */
export async function discardUpload(db: Db, importId: string): Promise<void> {
  for (const table of ['import_orders', 'import_rows'] as const) {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any(array(
          select r.ctid from ${sql.table(table)} as r join imports as i on i.id = r.import_id
          where r.import_id = ${importId}::uuid and i.status = 'UPLOADING' limit ${REMOVED_AT_ONCE}))`.execute(db);
      if (numAffectedRows < BigInt(REMOVED_AT_ONCE)) break;
    }
  }
  await db.deleteFrom('imports').where('id', '=', importId).where('status', '=', 'UPLOADING').execute();
}

/** The process of an upload that hasn't grown for so long has died: a request may take less than half of this. */
const ABANDONED = sql.lit('15 minutes');

/** Up to 100 uploads that nobody will complete. */
export async function findAbandonedUploads(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('completed_at', 'is', null)
    .where('status', '=', 'UPLOADING')
    .where(sql<boolean>`touched_at < now() - interval ${ABANDONED}`)
    .limit(100)
    .execute();
  return rows.map(({ id }) => id);
}
