/** A row of a charge; amounts in minor units. */
export interface PaymentRow {
  id: string;
  order_id: string;
  idempotency_key: string;
  amount: number;
  refunded: number;
  currency: string;
  payment_method: string;
  decline_code: string | null;
  /** Whether the amount is held only; `captured` of it has been taken, and `released` says that nothing is held any more. */
  is_authorization: boolean;
  captured: number;
  released: boolean;
  expires_at: Date | null;
  created_at: Date;
  /** When it was made, or last refunded. */
  changed_at: Date;
}

/** What was taken from the customer by a payment, before refunds, in minor units. */
export function takenMinor(
  payment: Pick<PaymentRow, 'amount' | 'decline_code' | 'is_authorization' | 'captured'>,
): number {
  if (payment.decline_code !== null) return 0;
  return payment.is_authorization ? payment.captured : payment.amount;
}

/** The same in SQL, of one that was not declined. */
export const TAKEN = '(CASE WHEN is_authorization THEN captured ELSE amount END)';

/** The result of {@link charge}: no payment for a voided order or key, or when the key was used before. */
export type ChargeOutcome = { voided: boolean } & (PaymentRow | { id: null });

/**
 * Charges once per key. The order's row in `payment_orders` is locked first and read in its newest state, so that a concurrent
 * void comes either before (and the charge is refused) or after (and finds the charge).
 * $1 id, $2 order, $3 key, $4 amount, $5 currency, $6 method, $7 decline code or null, $8 whether it is authorised only, $9 for how many
 * seconds, or null.
 */
export const charge = {
  name: 'sandbox-charge',
  text: `
  WITH gate AS (
    INSERT INTO sandbox.payment_orders AS o (order_id) VALUES ($2)
    ON CONFLICT (order_id) DO UPDATE SET order_id = excluded.order_id
    RETURNING o.voided OR $3 = ANY(o.voided_keys) AS voided
  ),
  charged AS (
    INSERT INTO sandbox.payments
      (id, order_id, idempotency_key, amount, currency, payment_method, decline_code, is_authorization, expires_at)
    SELECT $1::uuid, $2, $3, $4::bigint, $5, $6, $7, $8::boolean, now() + $9::double precision * interval '1 second' FROM gate WHERE NOT gate.voided
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING *
  )
  SELECT gate.voided, charged.* FROM gate LEFT JOIN charged ON true`,
};

/** The result of {@link refund}; no row when the key was used before, too little is left, or there is no such payment. */
export const refund = {
  name: 'sandbox-refund',
  text: `
  WITH locked AS MATERIALIZED (SELECT * FROM sandbox.payments WHERE id = $1 FOR UPDATE),
  given AS (
    INSERT INTO sandbox.refunds (idempotency_key, payment_id, requested, amount, refunded_after)
    SELECT $2, id, $3::bigint, coalesce($3::bigint, ${TAKEN} - refunded), refunded + coalesce($3::bigint, ${TAKEN} - refunded)
    FROM locked
    WHERE decline_code IS NULL AND coalesce($3::bigint, ${TAKEN} - refunded) BETWEEN 1 AND ${TAKEN} - refunded
    ON CONFLICT (idempotency_key) DO NOTHING
    RETURNING *
  )
  UPDATE sandbox.payments p SET refunded = g.refunded_after FROM given g WHERE p.id = g.payment_id RETURNING p.*, g.amount AS given`,
};

/** A payment after a refund, and what that was. */
export type Refunded = PaymentRow & { given: number };

/** A payment, the amount of one refund, and the rest after it. */
export type EarlierRefund = PaymentRow & { requested: number | null; refunded_after: number };

/** Reads the payment after an earlier refund with this key. $1 key. */
export const refundByKey = {
  name: 'sandbox-refund-by-key',
  text: `
    SELECT p.*, r.refunded_after, r.requested
    FROM sandbox.refunds r JOIN sandbox.payments p ON p.id = r.payment_id WHERE r.idempotency_key = $1`,
};

/** Leaves the tombstone that {@link charge} honours, for the order, or for one key of it. $1 order, $2 key or null. */
export const voidOrder = {
  name: 'sandbox-void-order',
  text: `
    INSERT INTO sandbox.payment_orders AS o (order_id, voided, voided_keys)
    VALUES ($1, $2::text IS NULL, array_remove(ARRAY[$2::text], NULL))
    ON CONFLICT (order_id) DO UPDATE SET
      voided = o.voided OR excluded.voided,
      voided_keys = CASE WHEN o.voided_keys @> excluded.voided_keys THEN o.voided_keys
                         ELSE o.voided_keys || excluded.voided_keys END`,
};

/** Whether the order or this key of it is voided. $1 order, $2 key. */
export const isVoided = {
  name: 'sandbox-is-voided',
  text: 'SELECT 1 AS one FROM sandbox.payment_orders WHERE order_id = $1 AND (voided OR $2 = ANY(voided_keys))',
};

/** Refunds all that is left of an order's charges, and releases its authorisations, but for those with the keys $3, or of one key; a statement after {@link voidOrder}, to see every charge. */
export const refundAll = {
  name: 'sandbox-refund-all',
  text: `
    UPDATE sandbox.payments SET refunded = ${TAKEN}, released = is_authorization
    WHERE order_id = $1 AND ($2::text IS NULL OR idempotency_key = $2) AND idempotency_key <> ALL($3::text[])
      AND decline_code IS NULL AND (refunded < ${TAKEN} OR (is_authorization AND NOT released))`,
};

/** Takes back what a lost dispute was about, as far as it is there. $1 payment, $2 amount. */
export const refundAsDisputed = {
  name: 'sandbox-dispute-lost',
  text: `UPDATE sandbox.payments SET refunded = least(${TAKEN}, refunded + $2) WHERE id = $1`,
};

/** Reads one payment. $1 id. */
export const paymentById = { name: 'sandbox-payment-by-id', text: 'SELECT * FROM sandbox.payments WHERE id = $1' };

/** Reads the payment that was charged with a key, if any. $1 key. */
export const paymentByKey = {
  name: 'sandbox-payment-by-key',
  text: 'SELECT * FROM sandbox.payments WHERE idempotency_key = $1',
};

/** Reads all charges of an order, oldest first. $1 order. */
export const paymentsByOrder = {
  name: 'sandbox-payments-by-order',
  text: 'SELECT * FROM sandbox.payments WHERE order_id = $1 ORDER BY id',
};

/** Reads payments by id, which is by age, after a cursor. $1 id or null, $2 limit, $3 and $4 between which it was made or last refunded, or null. */
export const paymentsAfter = {
  name: 'sandbox-payments-after',
  text: `
    SELECT * FROM sandbox.payments
    WHERE ($1::uuid IS NULL OR id > $1)
      AND changed_at >= coalesce($3::timestamptz, '-infinity') AND changed_at < coalesce($4::timestamptz, 'infinity')
    ORDER BY id LIMIT $2`,
};

/** Sums by currency. */
export const totals = {
  name: 'sandbox-payment-totals',
  text: `
    SELECT currency,
      coalesce(sum(${TAKEN}) FILTER (WHERE decline_code IS NULL), 0)::bigint AS captured,
      sum(refunded)::bigint AS refunded,
      count(*) FILTER (WHERE decline_code IS NOT NULL) AS declined_count,
      count(*) FILTER (WHERE decline_code IS NULL AND ${TAKEN} > 0) AS captured_count
    FROM sandbox.payments GROUP BY currency ORDER BY currency`,
};
