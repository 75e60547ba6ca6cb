import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import type { CouponRules } from '../../src/domain/coupon.ts';
import { allowedAfter, type OrderStatus } from '../../src/domain/order-status.ts';
import type { NewOrder } from '../../src/domain/order.ts';
import type { OrderTransition, PaymentTransactionRecord } from '../../src/domain/order-transition.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { putCoupon } from '../../src/repositories/coupon-repository.ts';
import type { SagaState, StepRecord } from '../../src/domain/saga.ts';
import { openDatabase } from '../../src/repositories/database.ts';
import { writeLedger } from '../../src/repositories/ledger.ts';
import { lockOrder } from '../../src/repositories/lock-order.ts';
import { findHistory, findPaymentTransactions, findSagaSteps } from '../../src/repositories/order-details.ts';
import { findOrder } from '../../src/repositories/order-repository.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { writeSagaState } from '../../src/repositories/write-change.ts';
import { createTestDatabase } from '../setup/database.ts';

/** Opens a migrated database that belongs to one test file. */
export async function openOrders() {
  const test = await createTestDatabase();
  const database = openDatabase(test.url, { max: 8, name: 'test', onError: () => {} });
  return {
    url: test.url,
    ...database,
    close: async () => {
      await database.close();
      await test.drop();
    },
  };
}

/** Runs statements that may take as long as a busy machine needs, such as those that write a hundred thousand orders. */
export async function withoutTimeLimit(db: Db, run: (unlimited: Db) => Promise<void>): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    try {
      await run(connection);
    } finally {
      await sql`reset statement_timeout`.execute(connection);
    }
  });
}

/** Two teapots, EUR 25.00, not accepted yet. */
export function someOrder(more: Partial<NewOrder> = {}): NewOrder {
  return {
    id: uuidv7(),
    customerId: 'alice',
    customerName: null,
    customerEmail: null,
    customerPhone: null,
    reference: null,
    source: null,
    locale: null,
    currency: 'EUR',
    items: [{ id: uuidv7(), productId: 'p1', sku: 'TEAPOT', name: 'Teapot', unitPriceMinor: 1_250, quantity: 2 }],
    paymentMethod: 'tok_ok',
    shippingAddress: { name: 'A', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' },
    billingAddress: null,
    shippingMethod: null,
    couponCode: null,
    couponTerms: null,
    taxRate: 0,
    notes: null,
    metadata: {},
    batchId: null,
    placedByService: null,
    placedBy: 'customer:alice',
    subtotalMinor: 2_500,
    discountMinor: 0,
    taxMinor: 0,
    isTaxIncluded: false,
    shippingMinor: 0,
    feesMinor: 0,
    totalMinor: 2_500,
    ...more,
  };
}

/** Stores a coupon of 10 %, with a code of its own, that each customer may use once; returns the code. */
export async function someCoupon(db: Db, more: Partial<CouponRules> = {}): Promise<string> {
  const rules: CouponRules = {
    code: `C${uuidv7().toUpperCase()}`,
    kind: 'percent',
    value: '10',
    currency: null,
    minSubtotal: null,
    validFrom: null,
    validUntil: null,
    oncePerCustomer: true,
    maxUses: null,
    active: true,
    ...more,
  };
  await putCoupon(db, rules);
  return rules.code;
}

/** The same order with a coupon of 10 %, EUR 22.50. */
export function orderWith(couponCode: string, more: Partial<NewOrder> = {}): NewOrder {
  const couponTerms = { kind: 'percent', rate: 10_000, minSubtotalMinor: 0 } as const;
  return someOrder({ couponCode, couponTerms, discountMinor: 250, totalMinor: 2_250, ...more });
}

/** A transition with no more than it needs. */
export function transitionTo(orderId: string, to: OrderStatus, more: Partial<OrderTransition> = {}): OrderTransition {
  return { orderId, to, key: `to:${to}`, actor: 'test', sagaState: 'RUNNING', ...more };
}

/** The record of an order's charge of EUR 25.00. */
export function chargeOf(orderId: string): PaymentTransactionRecord {
  return {
    idempotencyKey: `${orderId}:charge:1`,
    kind: 'CHARGE',
    status: 'CAPTURED',
    paymentId: 'pay-1',
    amountMinor: 2_500,
    currency: 'EUR',
    paymentMethod: 'tok_ok',
  };
}

/** Accepts an order and moves it to `status` on the shortest way; returns its id. */
export async function orderIn(db: Db, status: OrderStatus): Promise<string> {
  const { id } = someOrder();
  await acceptOrder(db, someOrder({ id }), null);
  for (const to of wayTo(status)) {
    const { applied } = await transitionOrder(db, transitionTo(id, to, { key: `way:${to}` }));
    if (!applied) throw new Error(`${to} was not reached`);
  }
  return id;
}

function wayTo(status: OrderStatus): OrderStatus[] {
  const ways: OrderStatus[][] = [['PENDING']];
  for (const way of ways) {
    if (way.at(-1) === status) return way.slice(1);
    for (const next of allowedAfter(way.at(-1)!)) if (!way.includes(next)) ways.push([...way, next]);
  }
  throw new Error(`nothing leads to ${status}`);
}

/** Everything that the projection holds about an order, to compare before with after. */
export async function recordOf(db: Db, orderId: string) {
  const outbox = await db.selectFrom('outbox').selectAll().where('subject_id', '=', orderId).orderBy('id').execute();
  return {
    order: await findOrder(db, orderId),
    history: await findHistory(db, orderId),
    steps: await findSagaSteps(db, orderId),
    transactions: await findPaymentTransactions(db, orderId),
    outbox,
  };
}

/** Number of rows in each table. */
export async function rowCounts(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ name: string; rows: number }>`
    select 'orders' as name, count(*) as rows from orders union all
    select 'order_items', count(*) from order_items union all
    select 'order_status_history', count(*) from order_status_history union all
    select 'order_payment_transactions', count(*) from order_payment_transactions union all
    select 'order_saga_steps', count(*) from order_saga_steps union all
    select 'outbox', count(*) from outbox union all
    select 'idempotency_keys', count(*) from idempotency_keys`.execute(db);
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name, count]));
}

/** Writes where an order's saga stands, and its steps, as parking a step and deciding about it do. */
export async function writeSaga(
  db: Db,
  { orderId, sagaState, steps }: { orderId: string; sagaState: SagaState; steps: readonly StepRecord[] },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const order = await lockOrder(transaction, orderId);
    await writeLedger(transaction, orderId, steps);
    if (order.sagaState !== sagaState) await writeSagaState(transaction, orderId, sagaState);
  });
}
