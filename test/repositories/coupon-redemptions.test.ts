import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CouponRefusedError } from '../../src/domain/coupon.ts';
import type { NewOrder } from '../../src/domain/order.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { findCoupon, findCouponFor, listCoupons, putCoupon } from '../../src/repositories/coupon-repository.ts';
import { findOrder } from '../../src/repositories/order-repository.ts';
import { repairOrder } from '../../src/repositories/reconciliation.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { openOrders, orderWith, recordOf, rowCounts, someCoupon, someOrder, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

const accept = (order: NewOrder) => acceptOrder(orders.db, order, null);
const usesOf = async (code: string) => (await findCoupon(orders.db, code))!.uses;
const isUsedBy = async (code: string, customer: string) =>
  (await findCouponFor(orders.db, code, customer))!.usedByCustomer;

/** How many were accepted; every other one was refused because of the coupon, and for nothing else. */
async function acceptAll(many: readonly NewOrder[]): Promise<NewOrder[]> {
  const results = await Promise.allSettled(many.map(accept));
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  expect(reasons.filter((reason) => !(reason instanceof CouponRefusedError))).toEqual([]);
  return many.filter((_, index) => results[index]?.status === 'fulfilled');
}

test('an order keeps the coupon terms and tax rate that its amounts were computed with', async () => {
  const order = orderWith(await someCoupon(orders.db), { taxRate: 8_875 });
  const accepted = await accept(order);
  expect(accepted).toMatchObject({ couponCode: order.couponCode, couponTerms: order.couponTerms, taxRate: 8_875 });
  expect(await findOrder(orders.db, order.id)).toEqual(accepted);
});

test('acceptance is one statement, with a coupon and without', async () => {
  const code = await someCoupon(orders.db);
  for (const order of [someOrder(), orderWith(code)]) {
    const before = orders.statements();
    await accept(order);
    expect(orders.statements()).toBe(before + 1);
  }
});

test('of 200 concurrent orders of one customer one uses a once-per-customer coupon, and the others leave nothing', async () => {
  const code = await someCoupon(orders.db);
  const before = await rowCounts(orders.db);
  const winners = await acceptAll(Array.from({ length: 200 }, () => orderWith(code)));
  expect(winners).toHaveLength(1);
  const after = await rowCounts(orders.db);
  expect(after['orders']).toBe(before['orders']! + 1);
  expect(after['outbox']).toBe(before['outbox']! + 1);
  expect(await usesOf(code)).toBe(1);
});

test('of 100 concurrent customers as many use the coupon as it has uses', async () => {
  const code = await someCoupon(orders.db, { maxUses: 7 });
  const crowd = Array.from({ length: 100 }, (_, index) => orderWith(code, { customerId: `customer-${index}` }));
  expect(await acceptAll(crowd)).toHaveLength(7);
  expect(await usesOf(code)).toBe(7);
});

test('a customer may use a coupon that is not once-per-customer as often as it has uses', async () => {
  const code = await someCoupon(orders.db, { oncePerCustomer: false, maxUses: 3 });
  expect(await acceptAll(Array.from({ length: 10 }, () => orderWith(code)))).toHaveLength(3);
});

test('a refusal says whether the customer has used the coupon or it is used up, and leaves the idempotency key free', async () => {
  const once = await someCoupon(orders.db);
  const last = await someCoupon(orders.db, { maxUses: 1 });
  await accept(orderWith(once));
  await accept(orderWith(last, { customerId: 'bob' }));
  const key = { subject: 'alice', key: uuidv7(), bodyHash: 'h' };
  await expect(acceptOrder(orders.db, orderWith(once), key)).rejects.toThrow('already used');
  await expect(acceptOrder(orders.db, orderWith(last), key)).rejects.toThrow('used up');
  expect(await acceptOrder(orders.db, someOrder(), key)).toBeDefined();
});

test('fifty concurrent acceptances with one key make one order with the coupon, and no refusal', async () => {
  const code = await someCoupon(orders.db, { maxUses: 1 });
  const key = { subject: 'alice', key: uuidv7(), bodyHash: 'h' };
  const accepted = await Promise.all(Array.from({ length: 50 }, () => acceptOrder(orders.db, orderWith(code), key)));
  expect(accepted.filter((order) => order !== undefined)).toHaveLength(1);
  expect(await usesOf(code)).toBe(1);
});

test('a cancelled order releases its coupon, once, and no other status does', async () => {
  const code = await someCoupon(orders.db, { maxUses: 1 });
  const first = orderWith(code);
  await accept(first);
  for (const to of ['PAYMENT_FAILED', 'PENDING', 'CONFIRMED', 'PROCESSING'] as const) {
    await transitionOrder(orders.db, transitionTo(first.id, to));
    expect([to, await usesOf(code), await isUsedBy(code, 'alice')]).toEqual([to, 1, true]);
  }
  for (const key of ['cancelled', 'cancelled', 'again']) {
    await transitionOrder(orders.db, transitionTo(first.id, 'CANCELLED', { key }));
    expect([await usesOf(code), await isUsedBy(code, 'alice')]).toEqual([0, false]);
  }
  const second = orderWith(code);
  expect(await accept(second)).toBeDefined();
  // A late repeat takes nothing from the order that has the coupon now.
  await transitionOrder(orders.db, transitionTo(first.id, 'CANCELLED', { key: 'cancelled' }));
  expect([await usesOf(code), await isUsedBy(code, 'alice')]).toEqual([1, true]);
});

test('a cancellation that comes too late releases nothing', async () => {
  const code = await someCoupon(orders.db);
  const { id } = orderWith(code);
  await accept(orderWith(code, { id }));
  for (const to of ['CONFIRMED', 'PROCESSING', 'SHIPPED'] as const) {
    await transitionOrder(orders.db, transitionTo(id, to));
  }
  expect(await transitionOrder(orders.db, transitionTo(id, 'CANCELLED'))).toMatchObject({ applied: false });
  expect(await usesOf(code)).toBe(1);
});

test('an order that the reconciler repairs to CANCELLED releases its coupon', async () => {
  const code = await someCoupon(orders.db);
  const order = orderWith(code);
  await accept(order);
  const seen = (await recordOf(orders.db, order.id)).order!;
  const repair = { status: 'CANCELLED', sagaState: 'COMPENSATED', reason: 'test' } as const;
  expect(await repairOrder(orders.db, seen, repair)).toBe(true);
  expect([await usesOf(code), await isUsedBy(code, 'alice')]).toEqual([0, false]);
});

test('orders that are placed and cancelled concurrently never deadlock', async () => {
  const code = await someCoupon(orders.db);
  let holder: NewOrder | undefined;
  for (let round = 0; round < 30; round += 1) {
    const cancelled = holder && transitionOrder(orders.db, transitionTo(holder.id, 'CANCELLED'));
    const winners = await acceptAll(Array.from({ length: 6 }, () => orderWith(code)));
    await cancelled;
    expect(winners.length).toBeLessThanOrEqual(1);
    expect(await usesOf(code)).toBe(winners.length);
    [holder] = winners;
  }
});

test('a coupon is replaced completely, and its count of uses stays, even above its new limit', async () => {
  const code = await someCoupon(orders.db, { maxUses: 5 });
  await accept(orderWith(code));
  await accept(orderWith(code, { customerId: 'bob' }));
  const rules = {
    ...(await findCoupon(orders.db, code))!,
    kind: 'fixed',
    value: '5.00',
    currency: 'EUR',
    maxUses: 1,
  } as const;
  const { coupon, created } = await putCoupon(orders.db, rules);
  expect(created).toBe(false);
  expect(coupon).toMatchObject({ kind: 'fixed', value: '5.00', currency: 'EUR', maxUses: 1, uses: 2 });
  await expect(accept(orderWith(code, { customerId: 'carol' }))).rejects.toThrow('used up');
});

test('the pages of the list have every coupon once, sorted by code', async () => {
  const codes = new Set<string>();
  let after: string | undefined;
  do {
    const page = await listCoupons(orders.db, 2, after);
    for (const { code } of page) {
      expect(codes.has(code)).toBe(false);
      codes.add(code);
    }
    after = page.at(-1)?.code;
  } while (after !== undefined);
  const { rowCount } = await orders.pool.query('select from coupons');
  expect(codes.size).toBe(rowCount);
});
