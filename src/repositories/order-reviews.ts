import { sql, type Selectable } from 'kysely';
import type { ReviewCounts, ReviewDecision, ReviewOccasion, ReviewOutcome } from '../domain/order-review.ts';
import type { Db } from './schema.ts';
import type { OrderReviewsTable } from './schema/review-tables.ts';

/** A review as it is begun. */
export interface NewReview {
  readonly key: string;
  readonly orderId: string;
  readonly occasion: ReviewOccasion;
  readonly customerId: string;
  readonly currency: string;
  /** One for each method that the order is to be paid with, each once. */
  readonly paymentMethodHashes: readonly string[];
  readonly shippingAddressHash: string;
}

/** The review with this key; `undefined` when it has not begun. */
export async function findReview(db: Db, key: string): Promise<Selectable<OrderReviewsTable> | undefined> {
  return db.selectFrom('order_reviews').selectAll().where('key', '=', key).executeTakeFirst();
}

/** Every review of an order, the oldest first. */
export async function listReviews(db: Db, orderId: string): Promise<Selectable<OrderReviewsTable>[]> {
  return db
    .selectFrom('order_reviews')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('at')
    .orderBy('key')
    .execute();
}

/** Puts on record that a review has begun, once by its key, and counts what was ordered lately, this order included. */
export async function beginReview(db: Db, review: NewReview): Promise<ReviewCounts> {
  const { key, orderId, occasion, customerId, currency, paymentMethodHashes: methods, shippingAddressHash } = review;
  // The statement doesn't see the row that it inserts: this order is counted by itself.
  const lately = sql`order_reviews r where r.at > now() - interval '1 hour'`;
  const { rows } = await sql<ReviewCounts>`
    with begun as (
      insert into order_reviews (key, order_id, occasion, customer_id, payment_method_hashes, shipping_address_hash)
      values (${key}, ${orderId}, ${occasion}, ${customerId}, ${methods}, ${shippingAddressHash})
      on conflict (key) do nothing
    )
    select
      (select coalesce(sum(o.total_minor), 0)::bigint from orders o
        where o.customer_id = ${customerId} and o.created_at > now() - interval '1 day'
          and o.currency = ${currency} and o.status <> 'CANCELLED') as "customerTotalMinor",
      (select 1 + max(paid.orders)::integer from unnest(${methods}::text[]) as m(hash), lateral (
        select count(distinct r.order_id) as orders from ${lately}
          and r.payment_method_hashes @> array[m.hash] and r.order_id <> ${orderId}) paid) as "ordersOfPaymentMethod",
      (select 1 + count(distinct r.order_id)::integer from ${lately}
        and r.shipping_address_hash = ${shippingAddressHash} and r.order_id <> ${orderId}) as "ordersOfAddress",
      (select cardinality(${methods}::text[]) + count(distinct m.hash)::integer
        from (select r.payment_method_hashes from ${lately} and r.customer_id = ${customerId}) own,
          unnest(own.payment_method_hashes) as m(hash)
        where m.hash <> all(${methods}::text[])) as "paymentMethodsOfCustomer",
      (select 1 + count(distinct r.shipping_address_hash)::integer from ${lately}
        and r.customer_id = ${customerId} and r.shipping_address_hash <> ${shippingAddressHash}) as "addressesOfCustomer"`.execute(
    db,
  );
  return rows[0]!;
}

/** Writes what a review came to, unless a person has decided by then. */
export async function writeVerdict(db: Db, key: string, { verdict, reasons }: ReviewOutcome): Promise<void> {
  await db
    .updateTable('order_reviews')
    .set({ verdict, reasons: JSON.stringify(reasons) })
    .where('key', '=', key)
    .where('decision', 'is', null)
    .execute();
}

/** Writes until when a person may decide. The caller's transaction has locked the order. */
export async function writeDecideUntil(db: Db, key: string, until: Date): Promise<void> {
  await db.updateTable('order_reviews').set({ decide_until: until }).where('key', '=', key).execute();
}

/** Writes what was decided about an order that waited for a person. The caller's transaction has locked the order. */
export async function writeReviewDecision(
  db: Db,
  key: string,
  decided: { readonly decision: ReviewDecision; readonly actor: string; readonly reason: string },
): Promise<void> {
  const { decision, actor, reason } = decided;
  await db
    .updateTable('order_reviews')
    .set({ decision, decided_by: actor, decision_reason: reason, decided_at: sql<Date>`now()` })
    .where('key', '=', key)
    .execute();
}
