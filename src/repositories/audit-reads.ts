import { sql } from 'kysely';
import { batchCalls } from '../batch-calls.ts';
import { isUuid } from '../domain/uuid.ts';
import { nameOfOrder, type AuditedRequest } from './audit-log.ts';
import { onePerDatabase } from './one-per-database.ts';
import type { Db } from './schema.ts';

/** A request that has read something, about to be answered with `status`. */
export type AuditedRead = AuditedRequest & { readonly importId: string | undefined; readonly status: number };

/** Writes an entry for a read of what is not the reader's own; concurrent reads share one statement. */
export async function recordReadInBatch(db: Db, read: AuditedRead): Promise<void> {
  await recorders(db)(read);
}

/** A console that refreshes itself sends a handful at a time. */
const LIMITS = { maxConcurrent: 2, maxSize: 64 };

const recorders = onePerDatabase((db) =>
  batchCalls(LIMITS, async (reads: readonly AuditedRead[]) => {
    await recordReads(db, reads);
    return reads.map(() => undefined);
  }),
);

async function recordReads(db: Db, reads: readonly AuditedRead[]): Promise<void> {
  const given = reads.map(({ order, importId, ...read }) => {
    const { id: orderId, number: orderNumber } = nameOfOrder(order);
    return { ...read, orderId, orderNumber, importId: importId !== undefined && isUuid(importId) ? importId : null };
  });
  await sql`
    insert into audit_log (subject, roles, operation, order_id, path, request_id, status, completed_at)
    select r.subject, array(select jsonb_array_elements_text(r.roles)), r.operation, o.id, r.path, r."requestId", r.status, now()
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as r(
      subject text, roles jsonb, operation text, path text, "requestId" text, status smallint,
      "orderId" uuid, "orderNumber" text, "importId" uuid)
    left join lateral (
      select id, customer_id, placed_by_service from orders where id = r."orderId"
      union all
      select id, customer_id, placed_by_service from orders where order_number = r."orderNumber"
      union all
      select id, customer_id, placed_by_service from archive.orders where id = r."orderId"
      union all
      select id, customer_id, placed_by_service from archive.orders where order_number = r."orderNumber"
    ) as o on true
    where r.subject is distinct from o.customer_id and r.subject is distinct from o.placed_by_service
      and not exists (select from imports i where i.id = r."importId" and i.subject = r.subject)`.execute(db);
}
