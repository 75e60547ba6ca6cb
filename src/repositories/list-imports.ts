import { sql } from 'kysely';
import type { Import, ImportProgress, ImportStatus } from '../domain/import.ts';
import { readProgress, toImport } from './import-repository.ts';
import type { Db } from './schema.ts';
import { cutPage } from './cut-page.ts';

/** Which imports, newest first, and the import after which the page starts. */
export interface ImportListQuery {
  /** Only those of this subject; all imports unless given. */
  readonly subject?: string | undefined;
  readonly status?: ImportStatus | undefined;
  /** Registered at or after. */
  readonly from?: Date | undefined;
  /** Registered before. */
  readonly to?: Date | undefined;
  /** Only those of {@link hasFailedOrders}. */
  readonly failedOnly?: boolean;
  /** Only those that somebody has acknowledged, or nobody. */
  readonly isAcknowledged?: boolean | undefined;
  readonly limit: number;
  readonly after?: ImportCursor | undefined;
}

/** The last import of the previous page: `at` in microseconds, as PostgreSQL keeps it. */
export interface ImportCursor {
  readonly at: string;
  readonly id: string;
}

/** An import and how far it has come. */
export interface ListedImport {
  readonly job: Import;
  readonly progress: ImportProgress;
}

/** A page of imports, and the cursor of the next page. */
export interface ImportPage {
  readonly imports: readonly ListedImport[];
  readonly next: ImportCursor | undefined;
}

/** A condition on `imports`: orders of it failed, and their rows are still kept. */
export const hasFailedOrders = sql<boolean>`imports.status <> 'UPLOADING' and imports.rows_removed_at is null and not imports.rows_expired and
  case when imports.final_progress is null
    then exists (select from import_orders f where f.import_id = imports.id and f.state = 'FAILED')
    else (imports.final_progress -> 'counts' ->> 'FAILED')::integer > 0 end`;

/** One page of imports along an index. Only those that still run are counted; an upload that is not complete is not listed. */
export async function listImports(db: Db, query: ImportListQuery): Promise<ImportPage> {
  const rows = await selectImports(db, query).execute();
  const { page, last } = cutPage(rows, query.limit);
  const imports: ListedImport[] = [];
  for (const row of page) {
    const job = toImport(row);
    // One after the other: a page of running imports takes one connection.
    // oxlint-disable-next-line no-await-in-loop
    imports.push({ job, progress: await readProgress(db, job) });
  }
  return { imports, next: last && { at: last.cursor_at, id: last.id } };
}

/** The page's query; it asks for one row more than the page holds, to learn whether there is a next page. */
function selectImports(
  db: Db,
  { subject, status, from, to, failedOnly = false, isAcknowledged, limit, after }: ImportListQuery,
) {
  let select = db
    .selectFrom('imports')
    .selectAll()
    .select(sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('cursor_at'))
    .where('status', '!=', 'UPLOADING')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (subject !== undefined) select = select.where('subject', '=', subject);
  if (status !== undefined) select = select.where('status', '=', status);
  if (from !== undefined) select = select.where('created_at', '>=', from);
  if (to !== undefined) select = select.where('created_at', '<', to);
  if (failedOnly) select = select.where(hasFailedOrders);
  if (isAcknowledged !== undefined) select = select.where('acknowledged_at', isAcknowledged ? 'is not' : 'is', null);
  if (after !== undefined) {
    select = select.where(sql<boolean>`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  }
  return select;
}
