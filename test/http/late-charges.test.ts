import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';
import { messageAbout, PAYMENT_WEBHOOK_SECRET, sendWebhook, type SentAs } from './payment-messages.ts';

let rig: ApiRig;
let orderId: string;

beforeAll(async () => {
  rig = await startApiRig({ settings: { PAYMENT_WEBHOOK_SECRET } });
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.mode = 'silent';
  rig.commands.settled.length = 0;
  orderId = (await rig.place({}, { headers: { Prefer: 'respond-async' } })).body.id;
  await rig.database.db.updateTable('orders').set({ payment_status: 'UNKNOWN' }).where('id', '=', orderId).execute();
});

const message = (data: object = {}, more: object = {}) => messageAbout(orderId, data, more);
const send = (body: string, sent: SentAs = {}) => sendWebhook(rig, body, sent);

/** Makes the payment service take the money, whatever it was told before. */
const capture = async (key: string, amount: number) => {
  const values = [uuidv7(), orderId, key, amount];
  await rig.database.pool.query(
    `insert into sandbox.payments (id, order_id, idempotency_key, amount, currency, payment_method)
     values ($1, $2, $3, $4, 'EUR', 'tok_ok')`,
    values,
  );
};
const cancel = () =>
  rig.database.db
    .updateTable('orders')
    .set({ status: 'CANCELLED', payment_status: 'FAILED', saga_state: 'COMPENSATED' })
    .where('id', '=', orderId)
    .execute();
const refunds = async () => {
  const { body } = await rig.request('GET', `/api/v1/orders/${orderId}/payments`);
  return body.data.map(({ kind, status, amount }: Record<string, string>) => `${kind} ${status} ${amount}`).toSorted();
};
const refundedByService = async () => {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${orderId}`);
  return (body as { data: { refunded_amount: string }[] }).data.map(({ refunded_amount: amount }) => amount);
};
const order = async () => (await rig.request('GET', `/api/v1/orders/${orderId}`)).body;

/** Puts a charge of an amendment on record, as its plan is. */
const amend = (number: number, differenceMinor: number, state: 'PLANNED' | 'DONE' | 'FAILED' = 'PLANNED') =>
  sql`
    insert into order_amendments (order_id, number, command_id, state, actor, items, amounts, tax_rate, difference_minor)
    values (${orderId}, ${number}, ${uuidv7()}, ${state}, 'customer:alice', '[]', '{}', 0, ${differenceMinor})`.execute(
    rig.database.db,
  );
const amendmentKey = (number: number) => `${orderId}:charge:amend:${number}`;

describe("a signed message about an amendment's charge", () => {
  test.each(['payment.captured', 'payment.declined'])('%s tells the saga, by the difference in price', async (type) => {
    await amend(1, 1_250);
    const answer = await send(message({ idempotency_key: amendmentKey(1), amount: '12.50' }, { type }));
    expect([answer.status, answer.body.effect]).toEqual([200, 'SIGNALLED']);
    expect(rig.commands.settled).toMatchObject([{ orderId, settled: { idempotency_key: amendmentKey(1) } }]);
  });

  test.each<[string, object]>([
    ["the order's total instead of the difference", { amount: '25.00' }],
    ['another currency', { amount: '12.50', currency: 'USD' }],
    ['an amendment that there is not', { amount: '12.50', idempotency_key: 'amend:2' }],
  ])('is ignored when it has %s', async (_, { idempotency_key = 'amend:1', ...data }: { idempotency_key?: string }) => {
    await amend(1, 1_250);
    const answer = await send(message({ idempotency_key: `${orderId}:charge:${idempotency_key}`, ...data }));
    expect([answer.status, answer.body.effect]).toEqual([202, 'IGNORED']);
    expect(rig.commands.settled).toEqual([]);
  });

  test('is only recorded when the amendment is done', async () => {
    await amend(1, 1_250, 'DONE');
    const answer = await send(message({ idempotency_key: amendmentKey(1), amount: '12.50' }));
    expect([answer.status, answer.body.effect]).toEqual([200, 'RECORDED']);
    // The order was placed for less than it comes to now.
    expect((await send(message({ amount: '12.50' }))).body.effect).toBe('SIGNALLED');
  });
});

describe('a signed message that something was charged', () => {
  test('for a cancelled order refunds it, once, however often and under whatever id it comes', async () => {
    await cancel();
    await capture(`${orderId}:charge:1`, 2_500);
    const together = await Promise.all([1, 2, 3].map((n) => send(message(), { id: `${orderId}-${n}` })));
    const again = await send(message(), { id: `${orderId}-1` });
    expect(together.map(({ status, body }) => [status, body.effect])).toEqual(together.map(() => [200, 'REFUNDED']));
    expect(again.body.effect).toBe('REPEATED');
    expect(await refundedByService()).toEqual(['25.00']);
    expect(await refunds()).toEqual(['CHARGE CAPTURED 25.00', 'REFUND REFUNDED 25.00']);
    expect(await order()).toMatchObject({ status: 'CANCELLED', payment_status: 'REFUNDED', refunded_amount: '25.00' });
    const { body } = await rig.request('GET', `/api/v1/orders/${orderId}/history`);
    expect(body.data.at(-1)).toMatchObject({
      change: 'DETAILS',
      actor: 'service:payment',
      reason: 'a late charge of 25.00 EUR was refunded',
    });
  });

  test.each([
    ['an amount that it does not come to any more', '12.50', 1_250, 'charge:1'],
    ["an amendment's difference", '5.00', 500, 'charge:amend:7'],
  ])('for a cancelled order refunds %s as well', async (_, amount, minor, key) => {
    await cancel();
    await capture(`${orderId}:${key}`, minor);
    const answer = await send(message({ amount, idempotency_key: `${orderId}:${key}` }));
    expect(answer.body.effect).toBe('REFUNDED');
    expect(await refundedByService()).toEqual([amount]);
    expect(await order()).toMatchObject({ refunded_amount: amount });
  });

  test('for a cancelled order is answered with 503 while it can not be refunded, and refunds it when it comes again', async () => {
    await cancel();
    await capture(`${orderId}:charge:1`, 2_500);
    const id = uuidv7();
    await rig.sandbox.call('POST', '/faults', { service: 'payment', operation: 'refund', mode: 'down', times: 1 });
    const first = await send(message(), { id });
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await send(message(), { id })).body.effect).toBe('REFUNDED');
    expect(await refundedByService()).toEqual(['25.00']);
  });

  test('for a cancelled order that the cancellation has refunded writes nothing more', async () => {
    await capture(`${orderId}:charge:1`, 2_500);
    await transitionOrder(rig.database.db, {
      orderId,
      to: 'CANCELLED',
      key: 'cancelled',
      actor: 'system:saga',
      sagaState: 'COMPENSATED',
      paymentStatus: 'REFUNDED',
      refundedMinor: 2_500,
      transactions: [
        {
          idempotencyKey: `${orderId}:refund`,
          kind: 'REFUND',
          status: 'REFUNDED',
          amountMinor: 2_500,
          currency: 'EUR',
          paymentMethod: 'tok_ok',
        },
      ],
    });
    const before = await order();
    expect((await send(message())).body.effect).toBe('REFUNDED');
    expect([await order(), await refunds()]).toEqual([before, ['REFUND REFUNDED 25.00']]);
  });

  test('for a cancelled order is not believed when the payment service does not know of it', async () => {
    await cancel();
    const answer = await send(message());
    expect([answer.status, answer.body.effect]).toEqual([200, 'RECORDED']);
    expect(await order()).toMatchObject({ payment_status: 'FAILED', refunded_amount: '0.00' });
  });
});

describe('a signed message that something was charged', () => {
  test('by a failed amendment refunds that charge, and leaves the order as it is', async () => {
    await amend(1, 1_250, 'FAILED');
    await capture(amendmentKey(1), 1_250);
    await capture(`${orderId}:charge:1`, 2_500);
    const before = await order();
    const answer = await send(message({ idempotency_key: amendmentKey(1), amount: '12.50' }));
    expect(answer.body.effect).toBe('REFUNDED');
    expect((await refundedByService()).toSorted()).toEqual(['0.00', '12.50']);
    expect(await refunds()).toEqual(['CHARGE CAPTURED 12.50', 'REFUND REFUNDED 12.50']);
    const { status, payment_status, total, refunded_amount } = before;
    expect(await order()).toMatchObject({ status, payment_status, total, refunded_amount });
  });

  test('by a payment method that was on record as declined refunds that charge', async () => {
    await transitionOrder(rig.database.db, {
      orderId,
      to: 'PAYMENT_FAILED',
      key: 'payment-failed:1',
      actor: 'system:saga',
      sagaState: 'RUNNING',
      paymentStatus: 'FAILED',
      transactions: [
        {
          idempotencyKey: `${orderId}:charge:1`,
          kind: 'CHARGE',
          status: 'DECLINED',
          declineCode: 'X',
          amountMinor: 2_500,
          currency: 'EUR',
          paymentMethod: 'tok_no',
        },
      ],
    });
    await capture(`${orderId}:charge:1`, 2_500);
    const answers = [await send(message()), await send(message())];
    expect(answers.map(({ body }) => body.effect)).toEqual(['REFUNDED', 'RECORDED']);
    expect(await refundedByService()).toEqual(['25.00']);
    expect(await refunds()).toEqual(['CHARGE CAPTURED 25.00', 'REFUND REFUNDED 25.00']);
    expect(await order()).toMatchObject({ status: 'PAYMENT_FAILED', payment_status: 'FAILED' });
  });
});
