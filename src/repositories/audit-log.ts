import { sql } from 'kysely';
import { isUuid } from '../domain/uuid.ts';
import type { Db } from './schema.ts';

/** What a member of staff is about to do; the order is named by its id or number. */
export interface AuditedAction {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly operation: string;
  readonly order: string | undefined;
  readonly requestId: string;
  readonly reason: string | null;
}

/** Writes an entry before the action begins; returns the entry's id. */
export async function beginAudit(db: Db, action: AuditedAction): Promise<number> {
  const { subject, roles, operation, order, requestId, reason } = action;
  const { rows } = await sql<{ id: number }>`
    insert into audit_log (subject, roles, operation, order_id, request_id, reason)
    values (${subject}, ${roles}::text[], ${operation}, ${idOf(order)}, ${requestId}, ${reason}) returning id`.execute(
    db,
  );
  return rows[0]!.id;
}

/** Completes an entry with the HTTP status; `orderId` is the order that the action created. */
export async function completeAudit(db: Db, id: number, status: number, orderId: string | undefined): Promise<void> {
  await sql`
    update audit_log set status = ${status}, completed_at = now(), order_id = coalesce(order_id, ${orderId ?? null}::uuid)
    where id = ${id}`.execute(db);
}

/** Which entries of the log, newest first, and the entry after which the page starts. */
export interface AuditQuery {
  readonly order?: string | undefined;
  readonly subject?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly limit: number;
  readonly after?: AuditCursor | undefined;
}

/** The last entry of the previous page: `at` in microseconds, as PostgreSQL keeps it. */
export interface AuditCursor {
  readonly at: string;
  readonly id: string;
}

/** One page of the audit log; every filter is read from an index. */
export async function listAudit(db: Db, query: AuditQuery) {
  const rows = await selectAudit(db, query).execute();
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return { entries: page, next: last && { at: last.cursor_at, id: String(last.id) } };
}

/** The page's query; it asks for one row more than the page holds, to learn whether there is a next page. */
function selectAudit(db: Db, { order, subject, from, to, limit, after }: AuditQuery) {
  let select = db
    .selectFrom('audit_log')
    .selectAll()
    .select(sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('cursor_at'))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (order !== undefined) select = select.where(sql<boolean>`order_id = ${idOf(order)}`);
  if (subject !== undefined) select = select.where('subject', '=', subject);
  if (from !== undefined) select = select.where('at', '>=', from);
  if (to !== undefined) select = select.where('at', '<', to);
  if (after !== undefined) {
    select = select.where(sql<boolean>`(at, id) < (${after.at}::timestamptz, ${after.id}::bigint)`);
  }
  return select;
}

/** Null for a text that names no order. */
function idOf(order: string | undefined) {
  if (order === undefined) return sql`null`;
  if (isUuid(order)) return sql`${order}::uuid`;
  return /^ORD-\d{1,19}$/.test(order) ? sql`(select id from orders where order_number = ${order})` : sql`null`;
}
