import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** Finds the keys of refunds of amendments, and of parts of a payment another part of which was refused: they belong to no total that the order had in the end. */
export const isBesideTotal = sql<boolean>`idempotency_key ~ ':refund:(amend:|[0-9]+:[0-9]$)'`;

/** What is on record as refunded for an order, in minor units: all of it that has not failed since, and what of it went back {@link isBesideTotal}. */
export interface RefundSums {
  readonly allMinor: number;
  readonly amendedBackMinor: number;
}

/** Sums up an order's refunds. The caller's transaction has locked the order. */
export async function sumRefunds(db: Db, orderId: string): Promise<RefundSums> {
  const { rows } = await sql<RefundSums>`
    select coalesce(sum(case kind when 'REFUND' then amount_minor else -amount_minor end), 0)::bigint as "allMinor",
      coalesce(sum(amount_minor) filter (where kind = 'REFUND' and ${isBesideTotal}), 0)::bigint as "amendedBackMinor"
    from order_payment_transactions where order_id = ${orderId}::uuid and kind in ('REFUND', 'REFUND_FAILURE')`.execute(
    db,
  );
  return rows[0]!;
}
