import { uuidv7 } from 'uuidv7';
import { expect } from 'vitest';
import type { Caller } from '../../src/domain/caller.ts';
import type { OrderDetails } from '../../src/domain/edit-order.ts';
import { parseMoney } from '../../src/domain/money.ts';
import type { NewOrder } from '../../src/domain/order.ts';
import type { CommandOutcome } from '../../src/orders/command-order.ts';
import { editOrder } from '../../src/orders/edit-order.ts';
import { findItems } from '../../src/repositories/order-items.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { findReturns } from '../../src/repositories/returns.ts';
import { eventually } from '../setup/eventually.ts';
import type { SagaRig } from '../setup/saga-rig.ts';

/** What belongs to an order, seen from the services: money kept, goods that left the stock, goods held. */
export interface Books {
  readonly keptMinor: number;
  readonly left: number;
  readonly reserved: number;
}

/** As much as any test sells. */
const STOCK = 100;

/** Places an order of two teapots of its own kind for 25.00 and waits until it is confirmed. */
export async function confirmed(
  rig: SagaRig,
  quantity = 2,
  more: Partial<NewOrder> = {},
): Promise<{ id: string; sku: string; itemId: string }> {
  const sku = `sku-${uuidv7()}`;
  const itemId = uuidv7();
  await rig.product(sku, STOCK);
  const items = [{ id: itemId, productId: 'p1', sku, name: 'Teapot', unitPriceMinor: 1_250, quantity }];
  const id = await rig.place({ ...more, items });
  await rig.reaches(id, 'CONFIRMED');
  // An attempt that took too long may have confirmed it: what the workflow then does once more is over as well.
  await rig.rests(id);
  return { id, sku, itemId };
}

/** The same, delivered. */
export async function delivered(rig: SagaRig, quantity = 2): ReturnType<typeof confirmed> {
  const order = await confirmed(rig, quantity);
  await deliver(rig, order.id);
  return order;
}

/** Changes an order's details as its customer does. */
export async function edit(
  { db, dependencies, commands, config }: SagaRig,
  orderId: string,
  details: OrderDetails,
  key?: string,
): Promise<CommandOutcome> {
  const { announcer, gateways, logger } = dependencies;
  const order = await findOrderWithItems(db, orderId);
  const tools = { db, gateways, announcer, logger, commands, rules: config.order, waitMs: 60_000 };
  const alice: Caller = { subject: 'alice', roles: ['customer'], expiresAtMs: Infinity, actor: 'customer:alice' };
  return editOrder(tools, alice, order!, details, { key, expectedVersion: undefined });
}

/** Sends an order's goods to another country. */
export async function redirect(rig: SagaRig, orderId: string, country: string, key?: string): Promise<CommandOutcome> {
  const { shippingAddress } = await rig.order(orderId);
  return edit(rig, orderId, { shippingAddress: { ...shippingAddress, line1: NEW_STREET, country } }, key);
}

/** Where redirected goods go. */
export const NEW_STREET = '7 Cherry Tree Lane';

/** Ships a confirmed order and delivers it. */
export async function deliver(rig: SagaRig, orderId: string): Promise<void> {
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const) {
    await rig.command(orderId, 'changeStatus', { status });
  }
}

/** The services' books on one order. */
export async function booksOf({ sandbox }: SagaRig, { id, sku }: { id: string; sku: string }): Promise<Books> {
  const { body: product } = await sandbox.call('GET', `/products/${sku}`);
  const { body: payments } = await sandbox.call('GET', `/payments/order/${id}`);
  let keptMinor = 0;
  for (const { status, amount, refunded_amount: refunded } of payments.data) {
    if (status !== 'DECLINED') keptMinor += parseMoney(amount, 'EUR') - parseMoney(refunded, 'EUR');
  }
  return { keptMinor, left: STOCK - product.stock, reserved: product.reserved };
}

/** What the order says of itself: its total less what was refunded, and its units that are with the customer. */
async function ownBooksOf(rig: SagaRig, { id }: { id: string }): Promise<Books> {
  const { status, totalMinor, refundedMinor } = await rig.order(id);
  const items = await findItems(rig.db, id);
  const isOff = status === 'CANCELLED';
  const units = items.reduce((sum, { quantity, returnedQuantity }) => sum + quantity - returnedQuantity, 0);
  return { keptMinor: isOff ? 0 : totalMinor - refundedMinor, left: isOff ? 0 : units, reserved: 0 };
}

/** Waits until nothing is under way with the order and checks that the services' books are the order's. */
export async function balances(rig: SagaRig, order: { id: string; sku: string }): Promise<Books> {
  return eventually(async () => {
    const { sagaState } = await rig.order(order.id);
    expect(['COMPLETED', 'COMPENSATED']).toContain(sagaState);
    const books = await booksOf(rig, order);
    expect(books).toEqual(await ownBooksOf(rig, order));
    return books;
  });
}

/** The states of an order's returns, oldest first. */
export async function returnStatesOf({ db }: SagaRig, orderId: string): Promise<string[]> {
  return (await findReturns(db, orderId)).map(({ state }) => state);
}
