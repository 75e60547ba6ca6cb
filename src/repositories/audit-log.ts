import { sql } from 'kysely';
import type { DirectCommandRecord } from '../domain/direct-command.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Db } from './schema.ts';
import { cutPage } from './cut-page.ts';
import { selectOrderNumber } from './order-number.ts';

/** A request that is recorded; the order is named by its id or number. */
export interface AuditedRequest {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly operation: string;
  readonly order: string | undefined;
  /** What was asked for, with its query. */
  readonly path: string;
  readonly requestId: string;
}

/** A request that may change something, and the reason given for it. */
export type AuditedAction = AuditedRequest & { readonly reason: string | null };

/** Writes an entry before the action begins; returns the entry's id. */
export async function beginAudit(db: Db, action: AuditedAction): Promise<number> {
  const { subject, roles, operation, order, path, requestId, reason } = action;
  const { rows } = await sql<{ id: number }>`
    insert into audit_log (subject, roles, operation, order_id, path, request_id, reason)
    values (${subject}, ${roles}::text[], ${operation}, ${idOf(order)}, ${path}, ${requestId}, ${reason})
    returning id`.execute(db);
  return rows[0]!.id;
}

/** Completes an entry with the HTTP status; `orderId` is the order that the action created. */
export async function completeAudit(db: Db, id: number, status: number, orderId: string | undefined): Promise<void> {
  await sql`
    update audit_log set status = ${status}, completed_at = now(), order_id = coalesce(order_id, ${orderId ?? null}::uuid)
    where id = ${id}`.execute(db);
}

/** What the API would have answered to the same request; the status of an accepted command is told before it is carried out. */
const statusOf = { accepted: 202, invalid: 400, 'not allowed': 409 } as const;

/** Writes an entry of a command that came to a workflow directly; a command that is on record already writes none. */
export async function recordDirectCommand(db: Db, record: DirectCommandRecord): Promise<void> {
  const { orderId, workflowId, operation, actor, commandId, reason, outcome } = record;
  await sql`
    insert into audit_log (subject, roles, operation, order_id, path, request_id, reason, status, completed_at)
    select ${actor}, '{}', ${operation}, ${orderId}::uuid, ${`temporal:${workflowId}`}, ${commandId}, ${reason}, ${statusOf[outcome]}, now()
    where not exists (
      select from audit_log where order_id = ${orderId}::uuid and request_id = ${commandId} and operation = ${operation}
        and subject = ${actor} and status = ${statusOf[outcome]} and reason = ${reason})`.execute(db);
}

/** Which entries of the log, newest first, and the entry after which the page starts. */
export interface AuditQuery {
  readonly order?: string | undefined;
  readonly subject?: string | undefined;
  readonly operation?: string | undefined;
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
  const { page, last } = cutPage(rows, query.limit);
  return { entries: page, next: last && { at: last.cursor_at, id: String(last.id) } };
}

/** The page's query; it asks for one row more than the page holds, to learn whether there is a next page. */
function selectAudit(db: Db, { order, subject, operation, from, to, limit, after }: AuditQuery) {
  let select = db
    .selectFrom('audit_log')
    .selectAll()
    .select(sql<string>`to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('cursor_at'))
    .select(selectOrderNumber(sql.ref('audit_log.order_id')).as('order_number'))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (order !== undefined) select = select.where(sql<boolean>`order_id = ${idOf(order)}`);
  if (subject !== undefined) select = select.where('subject', '=', subject);
  if (operation !== undefined) select = select.where('operation', '=', operation);
  if (from !== undefined) select = select.where('at', '>=', from);
  if (to !== undefined) select = select.where('at', '<', to);
  if (after !== undefined) {
    select = select.where(sql<boolean>`(at, id) < (${after.at}::timestamptz, ${after.id}::bigint)`);
  }
  return select;
}

/** Null for a text that names no order. */
function idOf(order: string | undefined) {
  const { id, number } = nameOfOrder(order);
  if (id !== null) return sql`${id}::uuid`;
  if (number === null) return sql`null`;
  return sql`coalesce(
    (select id from orders where order_number = ${number}), (select id from archive.orders where order_number = ${number}))`;
}

/** The id or the order number that a text is, whatever its case. */
export function nameOfOrder(order: string | undefined): { readonly id: string | null; readonly number: string | null } {
  if (order !== undefined && isUuid(order)) return { id: order, number: null };
  return { id: null, number: /^ORD-\d{1,19}$/i.test(order ?? '') ? (order ?? '').toUpperCase() : null };
}
