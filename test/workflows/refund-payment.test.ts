import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from 'uuidv7';
import type { Caller } from '../../src/domain/caller.ts';
import { refundPayment } from '../../src/orders/refund-payment.ts';
import { openRefund } from '../../src/orders/open-refund.ts';
import { findAmountRefunds } from '../../src/repositories/amount-refunds.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { findReturns } from '../../src/repositories/returns.ts';
import { relayRefunds } from '../../src/temporal/relay-untold.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed, delivered } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 1_000);
});
afterAll(() => rig.stop());

interface Placed {
  readonly id: string;
  readonly sku: string;
  readonly itemId: string;
}

const sam: Caller = { subject: 'sam', roles: ['support'], expiresAtMs: Infinity, actor: 'support:sam' };

/** Refunds an amount as support does through the API. */
async function refund({ id }: { id: string }, amount: string, key = uuidv7(), notify = false) {
  const { db, dependencies, commands } = rig;
  const tools = { db, announcer: dependencies.announcer, commands, logger: dependencies.logger, waitMs: 60_000 };
  const order = await findOrderWithItems(db, id);
  return refundPayment(tools, sam, order!, { amount, reason: 'the parcel came late', notify }, key);
}

const giveBack = ({ id, itemId }: Placed, quantity: number) =>
  rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity }] });
const statesOf = async ({ id }: { id: string }) => (await findAmountRefunds(rig.db, id)).map(({ state }) => state);

describe('a refund without goods', () => {
  test('gives an amount back and says so, and leaves the order where it is', async () => {
    const order = await confirmed(rig, 2);
    const { order: after, isDone } = await refund(order, '5.00', uuidv7(), true);
    expect(isDone).toBe(true);
    expect(after).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'PARTIALLY_REFUNDED', refundedMinor: 500 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_000, left: 2, reserved: 0 });
    const events = await rig.db.selectFrom('outbox').selectAll().where('subject_id', '=', order.id).execute();
    expect(events.find(({ type }) => type === 'order.refund_made')?.payload).toMatchObject({
      amount: '5.00',
      refunded_amount: '5.00',
      notify: true,
      reason: 'the parcel came late',
    });
    await refund(order, '20.00');
    expect(await rig.order(order.id)).toMatchObject({ status: 'CONFIRMED', paymentStatus: 'REFUNDED' });
    await expect(refund(order, '0.01')).rejects.toMatchObject({ code: 'VALIDATION' });
  });

  test.each(['0', '0.00', '-1.00', '1.001', '1e2', '25.01', ''])(
    'of %j is refused, and nothing moves',
    async (amount) => {
      const order = await confirmed(rig);
      await expect(refund(order, amount)).rejects.toMatchObject({
        code: 'VALIDATION',
        details: [{ pointer: '/amount' }],
      });
      expect(await balances(rig, order)).toEqual({ keptMinor: 2_500, left: 2, reserved: 0 });
    },
  );

  test('before the order is paid is refused, and says what to do', async () => {
    const id = await rig.place({ paymentMethod: 'tok_declined' });
    await rig.reaches(id, 'PAYMENT_FAILED');
    await expect(refund({ id }, '1.00')).rejects.toMatchObject({ code: 'ORD005' });
    await expect(rig.command(id, 'refundPayment', { amount: '1.00' })).rejects.toMatchObject({
      type: 'TRANSITION_NOT_ALLOWED',
    });
  });

  test('asked for many times at once gives back no more than was captured', async () => {
    const order = await confirmed(rig, 2);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => refund(order, '5.00')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 2, reserved: 0 });
  });

  test('is not given a second time by a return: the rest goes back', async () => {
    const order = await delivered(rig, 2);
    await refund(order, '15.00');
    await giveBack(order, 1);
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 1, reserved: 0 });
    const returns = await findReturns(rig.db, order.id);
    expect(returns.map(({ refundMinor }) => refundMinor)).toEqual([1_000]);
    await giveBack(order, 1);
    expect(await rig.reaches(order.id, 'REFUNDED')).toMatchObject({ refundedMinor: 2_500, paymentStatus: 'REFUNDED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
  });

  test('before a cancellation leaves the rest to go back with that', async () => {
    const order = await confirmed(rig, 2);
    await refund(order, '10.00');
    await rig.command(order.id, 'cancelOrder', {});
    expect(await rig.order(order.id)).toMatchObject({ refundedMinor: 2_500, paymentStatus: 'REFUNDED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 0, left: 0, reserved: 0 });
    const minor = (await rig.transactions(order.id)).filter(({ kind }) => kind === 'REFUND').map((t) => t.amount_minor);
    expect(minor.toSorted((one, other) => one - other)).toEqual([1_000, 1_500]);
  });

  test('under the same key is the same refund, and under it another one is refused', async () => {
    const order = await confirmed(rig, 2);
    const key = uuidv7();
    await Promise.all(Array.from({ length: 5 }, () => refund(order, '5.00', key)));
    await refund(order, '5.00', key);
    await expect(refund(order, '6.00', key)).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_000, left: 2, reserved: 0 });
  });

  test('of which the saga was not told is made later', async () => {
    const order = await confirmed(rig, 2);
    const asked = {
      id: uuidv7(),
      orderId: order.id,
      amount: '2.50',
      notifies: false,
      actor: 'support:sam',
      reason: 'x',
    };
    await openRefund(rig.dependencies, asked);
    await rig.db
      .updateTable('order_refunds')
      .set({ created_at: new Date(0) })
      .where('order_id', '=', order.id)
      .execute();
    await relayRefunds({ ...rig.dependencies, temporal: rig.temporal, config: rig.config });
    await eventually(async () => expect(await statesOf(order)).toEqual(['REFUNDED']));
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_250, left: 2, reserved: 0 });
  });
});
