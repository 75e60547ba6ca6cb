import { allowedAfter, orderStatuses } from '../../src/domain/order-status.ts';
import { transactionKinds, transactionStatuses } from '../../src/domain/order-transition.ts';
import { paymentStatuses } from '../../src/domain/payment-status.ts';
import { sagaStates } from '../../src/domain/saga.ts';

/** A rule that the rows of a view keep: `broken` is a query that counts those that don't. */
export interface DataRule {
  readonly name: string;
  readonly says: string;
  readonly broken: string;
}

/** What the database can't say of a view of `analytics`. */
export interface DescribedView {
  readonly name: string;
  readonly key: readonly string[];
  /** Columns that may be null; no other is. */
  readonly optional: readonly string[];
  /** The values that a column takes, of those that take only some. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Columns that name a row of another view, as `view.column`. */
  readonly references: Readonly<Record<string, string>>;
  readonly rules: readonly DataRule[];
}

/** Counts the rows of a view for which a condition doesn't hold. */
function countUnless(view: string, condition: string): string {
  return `SELECT count(*) FROM analytics.${view} WHERE NOT (${condition})`;
}

const legalTransitions = orderStatuses
  .flatMap((from) => allowedAfter(from).map((to) => `('${from}', '${to}')`))
  .join(', ');

/** The views that analysts may read, with their keys and rules; their columns, types and descriptions are the database's. */
export const orderViews: readonly DescribedView[] = [
  {
    name: 'orders',
    key: ['id'],
    optional: [
      'email_key',
      'source',
      'reference',
      'locale',
      'coupon_code',
      'shipping_method',
      'region',
      'batch_id',
      'confirmed_at',
      'processing_at',
      'shipped_at',
      'delivered_at',
      'cancelled_at',
      'returned_at',
      'refunded_at',
    ],
    values: { status: orderStatuses, payment_status: paymentStatuses, saga_state: sagaStates },
    references: {},
    rules: [
      { name: 'positive_total', says: 'An order costs something.', broken: countUnless('orders', 'total > 0') },
      {
        name: 'amounts_add_up',
        says: 'The total is what its parts come to.',
        broken: countUnless('orders', 'total = subtotal - discount + tax + shipping'),
      },
      {
        name: 'refunded_within_total',
        says: 'No more is refunded than the order costs.',
        broken: countUnless('orders', 'refunded BETWEEN 0 AND total'),
      },
      { name: 'at_least_one_item', says: 'An order has an item.', broken: countUnless('orders', 'item_count >= 1') },
      {
        name: 'confirmed_at_is_known',
        says: 'An order that was confirmed says when.',
        broken: countUnless(
          'orders',
          `confirmed_at IS NOT NULL OR status IN ('PENDING', 'PAYMENT_FAILED', 'CANCELLED')`,
        ),
      },
    ],
  },
  {
    name: 'order_items',
    key: ['id'],
    optional: ['variant_id'],
    values: {},
    references: { order_id: 'orders.id' },
    rules: [
      {
        name: 'positive_quantity',
        says: 'An item has a unit at least.',
        broken: countUnless('order_items', 'quantity > 0'),
      },
      {
        name: 'no_more_shipped_than_ordered',
        says: 'No more is shipped than was ordered, and no more comes back than was shipped.',
        broken: countUnless(
          'order_items',
          '0 <= returned_quantity AND returned_quantity <= shipped_quantity AND shipped_quantity <= quantity',
        ),
      },
    ],
  },
  {
    name: 'payments',
    key: ['id'],
    optional: ['payment_id', 'decline_code'],
    values: {
      kind: transactionKinds,
      status: transactionStatuses,
      provider: ['PAYMENT_SERVICE', 'EXTERNAL'],
    },
    references: { order_id: 'orders.id' },
    rules: [
      {
        name: 'no_negative_amount',
        says: 'An amount says how much, its kind in which direction.',
        broken: countUnless('payments', 'amount >= 0'),
      },
      {
        name: 'no_more_refunded_than_captured',
        says: 'No order is refunded more than was captured for it.',
        broken:
          `SELECT count(*) FROM (SELECT order_id FROM analytics.payments WHERE status IN ('CAPTURED', 'REFUNDED', 'FAILED') GROUP BY order_id ` +
          `HAVING sum(CASE kind WHEN 'REFUND' THEN amount ELSE -amount END) > 0) AS too_much`,
      },
    ],
  },
  {
    name: 'status_transitions',
    key: ['order_id', 'version'],
    optional: ['from_status'],
    values: { from_status: orderStatuses, to_status: orderStatuses },
    references: { order_id: 'orders.id' },
    rules: [
      {
        name: 'legal_transitions',
        says: 'A status follows only from those that the transition table allows.',
        broken: countUnless(
          'status_transitions',
          `from_status IS NULL AND to_status = 'PENDING' OR (from_status, to_status) IN (${legalTransitions})`,
        ),
      },
    ],
  },
];
