import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refundedMinor } from '../../src/domain/book-refund.ts';
import type { InboundMessage } from '../../src/events/consume/inbound-message.ts';
import { findAmountRefunds } from '../../src/repositories/amount-refunds.ts';
import { writeLedger } from '../../src/repositories/ledger.ts';
import { findBooks } from '../../src/repositories/payment-transactions.ts';
import { messageAbout, money, startInboundRig } from './inbound-rig.ts';

let rig: Awaited<ReturnType<typeof startInboundRig>>;
let orderId: string;

beforeAll(async () => {
  rig = await startInboundRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.disputed.length = 0;
  orderId = await rig.placePaid();
});

const dispute = (status: string, data: object = {}) =>
  rig.receive(
    messageAbout(orderId, 'payment.disputed', {
      dispute_id: 'dp_1',
      amount: '25.00',
      currency: 'EUR',
      status,
      ...data,
    }),
  );
const order = () => rig.order(orderId);
const refunds = () => rig.refunds(orderId);

describe('a dispute', () => {
  test('has the order looked at, says what to do, and ends with the decision', async () => {
    expect((await dispute('opened', { reason: 'fraudulent' })).state).toBe('APPLIED');
    expect(await order()).toMatchObject({ sagaState: 'NEEDS_ATTENTION', paymentStatus: 'CAPTURED' });
    expect(rig.commands.disputed.at(-1)).toMatchObject({
      orderId,
      disputed: { problem: expect.stringContaining('dp_1') },
    });
    await rig.move(orderId, 'SHIPPED');
    expect((await order()).sagaState).toBe('NEEDS_ATTENTION');
    const list = await rig.request('GET', '/api/v1/orders?needs_attention=true', { as: 'support' });
    expect(list.body.data.map(({ id }: { id: string }) => id)).toContain(orderId);
    await dispute('won');
    expect(await order()).toMatchObject({ sagaState: 'COMPLETED', paymentStatus: 'CAPTURED' });
    expect(rig.commands.disputed.at(-1)?.disputed.problem).toBeNull();
  });

  test('that is lost books the money as gone, once, also when its opening comes late', async () => {
    await dispute('lost', { amount: '10.00' });
    await dispute('lost', { amount: '10.00' });
    await dispute('opened', { amount: '10.00' });
    expect(await refunds()).toEqual([1_000]);
    expect(await order()).toMatchObject({ sagaState: 'COMPLETED', paymentStatus: 'PARTIALLY_REFUNDED' });
  });

  test('that nobody tells more of is closed by an operator, once, with their reason on record', async () => {
    await dispute('opened', { amount: '10.00' });
    const path = `/api/v1/orders/${orderId}/disputes/close`;
    const close = (dispute_id: string, outcome: string) =>
      rig.request('POST', path, { as: 'operator', sub: 'olga', body: { dispute_id, outcome, reason: 'a letter' } });
    const closed = [await close('dp_2', 'lost'), await close('dp_1', 'lost'), await close('dp_1', 'lost')];
    expect([...closed, await close('dp_1', 'won')].map(({ status }) => status)).toEqual([400, 200, 200, 400]);
    expect(await refunds()).toEqual([1_000]);
    expect(await order()).toMatchObject({ sagaState: 'COMPLETED', paymentStatus: 'PARTIALLY_REFUNDED' });
    const { body } = await rig.request('GET', `/api/v1/orders/${orderId}/history`, { as: 'support' });
    expect(body.data.at(-1)).toMatchObject({ actor: 'operator:olga', reason: expect.stringContaining('a letter') });
  });

  test('of more than was charged is a dead letter', async () => {
    expect((await dispute('opened', { amount: '25.01' })).state).toBe('DEAD');
    expect((await order()).sagaState).toBe('COMPLETED');
  });
});

const tell = (type: string, data: object, more: Partial<InboundMessage> = {}) =>
  rig.receive(messageAbout(orderId, type, data, more));
const failed = (data: object = {}, more: Partial<InboundMessage> = {}) =>
  tell('payment.refund_failed', { refund_id: 're_1', amount: '10.00', currency: 'EUR', ...data }, more);
const ours = (name: string) => ({ idempotency_key: `${orderId}:refund:${name}` });
/** A refund of ours goes on record, as its saga writes it. */
const book = async (name: string, amountMinor: number) => {
  const refundOfOurs = { ...money, kind: 'REFUND', status: 'REFUNDED', amountMinor } as const;
  const { idempotency_key: idempotencyKey } = ours(name);
  await writeLedger(rig.consumer.db, orderId, [], [{ ...refundOfOurs, idempotencyKey }]);
  await rig.database.db
    .updateTable('orders')
    .set({ refunded_minor: amountMinor, payment_status: 'PARTIALLY_REFUNDED' })
    .where('id', '=', orderId)
    .execute();
};
const leftRefunded = async () => refundedMinor(await findBooks(rig.consumer.db, orderId));
const dueOf = async () =>
  (await findAmountRefunds(rig.consumer.db, orderId)).map((one) => [one.state, one.amountMinor]);
/** Tells that a part of a return's refund has failed. */
const part = (id: string, amount: string) => failed({ ...ours('return:1'), refund_id: id, amount });

describe('a refund that has failed at the payment service', () => {
  test.each([
    ['after it was told of', ['payment.refunded', 'payment.refund_failed']],
    ['before it is told of', ['payment.refund_failed', 'payment.refunded']],
  ])(
    'is taken back once, also when that is told %s and told again, and somebody is told what to do',
    async (_, types) => {
      const data = { refund_id: 're_1', amount: '10.00', currency: 'EUR' };
      for (const type of [...types, ...types]) await tell(type, data);
      expect([await refunds(), await leftRefunded(), await dueOf()]).toEqual([[1_000], 0, [['OPEN', 1_000]]]);
      expect(await order()).toMatchObject({
        paymentStatus: 'CAPTURED',
        refundedMinor: 0,
        refundDueMinor: 1_000,
        sagaState: 'NEEDS_ATTENTION',
      });
      const queue = await rig.request('GET', '/api/v1/queues/REFUND_DUE?limit=100', { as: 'support' });
      expect(queue.body.data).toContainEqual(
        expect.objectContaining({ order_id: orderId, refund_due: '10.00', detail: expect.stringContaining('re_1') }),
      );
      const events = await rig.database.db
        .selectFrom('outbox')
        .select('payload')
        .where('subject_id', '=', orderId)
        .where('type', '=', 'order.needs_attention')
        .execute();
      expect(events.map(({ payload }) => payload)).toMatchObject([
        {
          step: 'refundAmount',
          problem: expect.stringContaining('re_1'),
          what_to_do: expect.stringContaining('refundAmount'),
        },
      ]);
    },
  );

  test('in parts is taken back part by part, and never more than was refunded', async () => {
    await book('return:1', 1_500);
    const receipts = [await part('re_a', '4.00'), await part('re_b', '6.00'), await part('re_c', '5.01')];
    expect(receipts.map(({ state }) => state)).toEqual(['APPLIED', 'APPLIED', 'DEAD']);
    expect([await leftRefunded(), await dueOf()]).toEqual([
      500,
      [
        ['OPEN', 400],
        ['OPEN', 600],
      ],
    ]);
    expect(await order()).toMatchObject({
      paymentStatus: 'PARTIALLY_REFUNDED',
      refundedMinor: 500,
      refundDueMinor: 1_000,
    });
  });

  test('of an amendment changes nothing about the order but what is due', async () => {
    await book('amend:1', 700);
    await rig.database.db
      .updateTable('orders')
      .set({ refunded_minor: 0, payment_status: 'CAPTURED' })
      .where('id', '=', orderId)
      .execute();
    await failed({ ...ours('amend:1'), amount: '7.00' });
    expect(await order()).toMatchObject({ paymentStatus: 'CAPTURED', refundedMinor: 0, refundDueMinor: 700 });
  });

  test('of a cancelled order has its money given back another way', async () => {
    await rig.move(orderId, 'CANCELLED', {
      sagaState: 'COMPENSATED',
      paymentStatus: 'REFUNDED',
      refundedMinor: 2_500,
      transactions: [
        { ...money, idempotencyKey: `${orderId}:refund`, kind: 'REFUND', status: 'REFUNDED', amountMinor: 2_500 },
      ],
    });
    expect((await failed({ amount: '25.00', idempotency_key: `${orderId}:charge:1:void` })).state).toBe('APPLIED');
    expect(await order()).toMatchObject({
      status: 'CANCELLED',
      paymentStatus: 'CAPTURED',
      refundedMinor: 0,
      refundDueMinor: 2_500,
      sagaState: 'NEEDS_ATTENTION',
    });
  });

  test('and is not on record waits while something is under way, and changes nothing else', async () => {
    const before = await order();
    expect((await failed(ours('return:1'))).state).toBe('IGNORED');
    expect((await failed({ amount: '25.01' })).state).toBe('DEAD');
    expect((await failed({ currency: 'USD' })).state).toBe('DEAD');
    expect([await order(), await dueOf()]).toEqual([before, []]);
    await rig.move(orderId, 'PROCESSING', { sagaState: 'RUNNING' });
    expect((await failed({ ...ours('amount:1'), refund_id: 're_2' })).state).toBe('WAITING');
    await book('amount:1', 1_000);
    await rig.applyAll();
    expect([await leftRefunded(), await dueOf()]).toEqual([0, [['OPEN', 1_000]]]);
  });
});
