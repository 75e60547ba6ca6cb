import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What is on record as refunded for an order, in minor units: all of it that has not failed since, and the part that its amendments gave back. */
export interface RefundSums {
  readonly allMinor: number;
  readonly amendedBackMinor: number;
}

/** Sums up an order's refunds. The caller's transaction has locked the order. */
export async function sumRefunds(db: Db, orderId: string): Promise<RefundSums> {
  const { rows } = await sql<RefundSums>`
    select coalesce(sum(case kind when 'REFUND' then amount_minor else -amount_minor end), 0)::bigint as "allMinor",
      coalesce(sum(amount_minor) filter (where kind = 'REFUND' and idempotency_key like '%:refund:amend:%'), 0)::bigint as "amendedBackMinor"
    from order_payment_transactions where order_id = ${orderId}::uuid and kind in ('REFUND', 'REFUND_FAILURE')`.execute(
    db,
  );
  return rows[0]!;
}
