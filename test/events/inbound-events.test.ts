import { sql } from 'kysely';
import fc from 'fast-check';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createReceiver } from '../../src/events/consume/keep-received.ts';
import { unreadableMessage, type InboundMessage } from '../../src/events/consume/inbound-message.ts';
import { storeMessages } from '../../src/events/consume/receive-message.ts';
import { writeLedger } from '../../src/repositories/ledger.ts';
import { anyPlan, tellings } from './inbound-plan.ts';
import { brokerMessage, messageAbout, money, startInboundRig } from './inbound-rig.ts';

let rig: Awaited<ReturnType<typeof startInboundRig>>;
let orderId: string;

beforeAll(async () => {
  rig = await startInboundRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.disputed.length = 0;
  rig.commands.sent.length = 0;
  orderId = await rig.placePaid();
});

const receive = (type: string, data: object, more: Partial<InboundMessage> = {}) =>
  rig.receive(messageAbout(orderId, type, data, more));
const refund = (data: object = {}, more: Partial<InboundMessage> = {}) =>
  receive('payment.refunded', { refund_id: 're_1', amount: '10.00', currency: 'EUR', ...data }, more);
const order = () => rig.order(orderId);
const standing = () => rig.standing(orderId);
const refunds = () => rig.refunds(orderId);

/** What a cancellation writes: what the payment service says was refunded of the whole order, what somebody refunded before included. */
const cancel = () =>
  rig.move(orderId, 'CANCELLED', {
    sagaState: 'COMPENSATED',
    paymentStatus: 'REFUNDED',
    refundedMinor: 2_500,
    transactions: [
      { ...money, idempotencyKey: `${orderId}:refund`, kind: 'REFUND', status: 'REFUNDED', amountMinor: 2_500 },
    ],
  });

describe('a refund at the payment service', () => {
  test('is booked once, however often and under whatever id it comes', async () => {
    const id = uuidv7();
    const receipts = [await refund({}, { id }), await refund({}, { id }), await refund({}, { source: 'another' })];
    expect(receipts.map(({ state, isRepeated }) => [state, isRepeated])).toEqual([
      ['APPLIED', false],
      ['APPLIED', true],
      ['IGNORED', false],
    ]);
    await Promise.all([1, 2, 3, 4].map((n) => refund({ refund_id: 're_2', amount: '5.00' }, { id: `${id}-${n}` })));
    expect(await refunds()).toEqual([1_000, 500]);
    expect(await standing()).toEqual({
      status: 'CONFIRMED',
      paymentStatus: 'PARTIALLY_REFUNDED',
      refundedMinor: 1_500,
    });
    await refund({ refund_id: 're_3' });
    expect(await standing()).toMatchObject({ paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
    const { body } = await rig.request('GET', `/api/v1/orders/${orderId}/history`, { as: 'support' });
    expect(body.data.at(-1)).toMatchObject({
      actor: 'service:payment',
      reason: '10.00 EUR was refunded at the payment service (re_3)',
    });
  });

  test.each<[string, object, string]>([
    ['more than was charged', { amount: '25.01' }, 'only 25.00 EUR of what was charged is left to refund'],
    ['another currency', { currency: 'USD' }, 'the order is in EUR, the refund in USD'],
    ['a negative amount', { amount: '-1.00' }, '/amount: must be a decimal amount such as "12.50"'],
    ['no amount', { amount: undefined }, '/amount: Invalid input: expected string, received undefined'],
    ['an amount of nothing', { amount: '0.00' }, '/amount: must be more than 0'],
    ['an amount that its currency has not', { amount: '1.234' }, '/amount: '],
  ])('of %s is a dead letter that says why, and changes nothing', async (_, data, why) => {
    const before = await order();
    expect(await refund(data)).toMatchObject({ state: 'DEAD' });
    expect(
      (await rig.inbox(orderId)).map(({ state, last_error: reason }) => [state, reason?.slice(0, why.length)]),
    ).toEqual([['DEAD', why]]);
    expect([await order(), await refunds()]).toEqual([before, []]);
  });

  test('that this system asked for changes nothing, also before its own reply has come', async () => {
    const before = await order();
    expect((await refund({ idempotency_key: `${orderId}:refund:return:1` })).state).toBe('IGNORED');
    expect([await order(), await refunds()]).toEqual([before, []]);
  });

  test('whose id comes again with other contents is booked as it came first, and the other is a dead letter', async () => {
    const id = uuidv7();
    await refund({}, { id });
    await refund({ amount: '20.00' }, { id });
    await refund({ amount: '20.00' }, { id });
    expect(await refunds()).toEqual([1_000]);
    expect((await rig.inbox(orderId)).map(({ state, last_error: reason }) => [state, reason])).toEqual([
      ['APPLIED', null],
      ['DEAD', `event ${id} came before with other contents`],
    ]);
  });

  test('waits for the charge that it is of', async () => {
    orderId = await rig.place();
    expect((await refund()).state).toBe('WAITING');
    await rig.pay(orderId);
    expect(await rig.applyDue()).toBeGreaterThan(0);
    expect(await standing()).toMatchObject({ paymentStatus: 'PARTIALLY_REFUNDED', refundedMinor: 1_000 });
  });

  test.each(['before', 'after'])(
    'is counted once in what a cancellation refunds, when it comes %s it',
    async (when) => {
      if (when === 'after') await cancel();
      await refund();
      if (when === 'before') await cancel();
      expect((await refunds()).reduce((sum, amount) => sum + amount, 0)).toBe(2_500);
      expect(await standing()).toEqual({ status: 'CANCELLED', paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
    },
  );
});

test('what an operator gave back by hand for a cancelled order comes on top of a refund at the payment service', async () => {
  await refund();
  const byHand = { ...money, kind: 'REFUND', status: 'REFUNDED', provider: 'EXTERNAL', amountMinor: 1_500 } as const;
  await writeLedger(rig.consumer.db, orderId, [], [{ ...byHand, idempotencyKey: `${orderId}:refund:external` }]);
  await rig.move(orderId, 'CANCELLED', { paymentStatus: 'REFUNDED', refundedMinor: 1_500 });
  expect(await standing()).toEqual({ status: 'CANCELLED', paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
});

test('an event of an archived order is ignored when it changes nothing, and else a dead letter at once that says what to do', async () => {
  await refund({ amount: '5.00' });
  await rig.archive(orderId, 'DELIVERED');
  const amount = { amount: '25.00', currency: 'EUR', payment_id: 'p1' };
  const dispute = { dispute_id: 'dp_1', amount: '20.00', currency: 'EUR', reason: 'fraudulent', status: 'opened' };
  expect([
    (await refund({ amount: '5.00' })).state,
    (await receive('payment.processed', { ...amount, idempotency_key: `${orderId}:charge:1` })).state,
    (await receive('shipment.delivered', {})).state,
  ]).toEqual(['IGNORED', 'IGNORED', 'IGNORED']);
  expect([
    (await refund({ refund_id: 're_2' })).state,
    (await receive('payment.disputed', dispute)).state,
    (await receive('payment.processed', { ...amount, idempotency_key: `${orderId}:charge:2`, amount: '1.00' })).state,
  ]).toEqual(['DEAD', 'DEAD', 'DEAD']);
  const dead = (await rig.inbox(orderId)).filter(({ state }) => state === 'DEAD');
  expect(dead.map(({ last_error: reason }) => reason)).toEqual(
    dead.map(() => expect.stringMatching(/^the order ORD-\d+ \(DELIVERED\) is archived.* retry the event, or settle/)),
  );
  expect(dead).toHaveLength(3);
});

describe('an event', () => {
  test('of an unknown order is kept, applied once the order is known, and a dead letter when it never is', async () => {
    const unknown = uuidv7();
    expect((await refund({ order_id: unknown })).state).toBe('WAITING');
    await rig.applyAll();
    expect(await rig.inbox(unknown)).toMatchObject([{ state: 'WAITING', last_error: 'there is no such order' }]);
    await sql`update inbox set tried_since = now() - interval '1 day', next_attempt_at = now()`.execute(
      rig.database.db,
    );
    await rig.applyDue();
    expect(await rig.inbox(unknown)).toMatchObject([
      { state: 'DEAD', last_error: 'not applied in time: there is no such order' },
    ]);
  });

  test('that can not be applied while Temporal is away is applied afterwards', async () => {
    await rig.move(orderId, 'SHIPPED');
    rig.commands.mode = 'down';
    expect((await receive('shipment.delivered', {})).state).toBe('WAITING');
    rig.commands.mode = 'up';
    await rig.applyAll();
    expect((await order()).status).toBe('DELIVERED');
  });

  test('of money that is held is told to the order that waits for it, and releases what is held for one that is cancelled', async () => {
    const told = rig.commands.settled.length;
    const key = `${orderId}:charge:1`;
    expect((await receive('payment.authorized', { idempotency_key: key })).state).toBe('APPLIED');
    expect(rig.commands.settled.slice(told)).toMatchObject([{ orderId, settled: { idempotency_key: key } }]);
    expect((await receive('payment.authorized', { idempotency_key: 'theirs' })).state).toBe('DEAD');
    await cancel();
    expect((await receive('payment.authorized', { idempotency_key: key })).state).toBe('APPLIED');
    const late = { order_id: orderId, amount: '25.00', currency: 'EUR', payment_method: 'tok_ok' };
    const { body } = await rig.sandbox.call('POST', '/payments', late, { 'idempotency-key': key });
    expect([rig.commands.settled.length, body.code]).toEqual([told + 1, 'PAYMENT_VOIDED']);
  });

  test('that is no JSON, or has no order, is kept as a dead letter', async () => {
    const key = { source: 'kafka', id: 'payments.updates/0/7' };
    await storeMessages(rig.consumer.db, [], [unreadableMessage(key, '{"half', 'it is no JSON')]);
    expect(
      await receive('payment.refunded', { order_id: 'ORD-1', refund_id: 'r', amount: '1.00', currency: 'EUR' }),
    ).toMatchObject({
      state: 'DEAD',
    });
    const dead = await rig.inbox(null);
    expect(dead.map(({ state, last_error: reason }) => [state, reason])).toEqual([
      ['DEAD', 'it is no JSON'],
      ['DEAD', '/order_id: is not the id of an order'],
    ]);
  });

  test('of a broker is kept, and what it sends that is no event is a dead letter that says why', async () => {
    let woken = 0;
    const keep = createReceiver(rig.consumer.db, () => (woken += 1));
    const attributes = { specversion: '1.0', source: '/payments', type: 'payment.refunded' };
    const data = { order_id: orderId, refund_id: 're_k', amount: '4.00', currency: 'EUR' };
    const good = brokerMessage({ ...attributes, id: 'k1', data }, 'payments.updates/0/1');
    const bad = [
      brokerMessage(undefined, 'payments.updates/0/2'),
      brokerMessage({ ...attributes, data }, 'payments.updates/0/3'),
    ];
    await keep([good, ...bad, good]);
    await keep([good, ...bad]);
    await rig.applyDue();
    expect([woken, await refunds()]).toEqual([2, [400]]);
    const dead = (await rig.inbox(null)).filter(({ source }) => source === 'kafka:payments');
    expect(dead.map(({ state, deliveries, last_error: reason }) => [state, deliveries, reason])).toEqual([
      ['DEAD', 2, 'The value is no JSON.'],
      ['DEAD', 2, 'It has no "id", "source" and "type" of 1 to 255 characters.'],
    ]);
  });

  test('that is a dead letter is tried again or dropped by an operator, who is recorded', async () => {
    await refund({ amount: '99.00' }, { id: 'too-much' });
    const decide = (action: string, body: object) =>
      rig.request('POST', `/api/v1/inbox/${action}`, { as: 'operator', sub: 'olga', body });
    expect((await decide('retry', { id: 'too-much', reason: 'looked' })).body).toEqual({ events: 1 });
    await rig.applyDue();
    const listed = await rig.request('GET', `/api/v1/inbox?state=DEAD&order_id=${orderId}`, { as: 'operator' });
    expect(listed.body.data).toMatchObject([{ id: 'too-much', type: 'payment.refunded', attempts: 2 }]);
    expect((await decide('skip', { order_id: orderId, reason: 'a mistake' })).body).toEqual({ events: 1 });
    const [row] = await rig.inbox(orderId);
    expect([row?.state, row?.last_error]).toEqual([
      'IGNORED',
      'only 25.00 EUR of what was charged is left to refund; dropped by operator:olga: a mistake',
    ]);
  });

  test('of a batch is applied by the runner, once', async () => {
    const one = messageAbout(orderId, 'payment.refunded', { refund_id: 're_b', amount: '3.00', currency: 'EUR' });
    await storeMessages(rig.consumer.db, [one, one, { ...one, type: 'payment.imagined' }]);
    await storeMessages(rig.consumer.db, [one]);
    await Promise.all([rig.applyDue(), rig.applyDue()]);
    expect(await refunds()).toEqual([300]);
  });
});

describe('a delivery', () => {
  test('makes a shipped order DELIVERED, once, by the carrier', async () => {
    await rig.move(orderId, 'SHIPPED', { tracking: { carrier: 'DHL', number: 'T1' } });
    const id = uuidv7();
    await receive('shipment.delivered', { tracking_number: 'T1' }, { id });
    await receive('shipment.delivered', { tracking_number: 'T1' }, { id });
    expect((await order()).status).toBe('DELIVERED');
    expect(rig.commands.sent.map(({ command }) => command.actor)).toEqual(['service:shipping']);
    expect((await receive('shipment.delivered', {})).state).toBe('IGNORED');
  });

  test('that comes before the order is shipped waits until it is', async () => {
    expect((await receive('shipment.delivered', {})).state).toBe('WAITING');
    await rig.move(orderId, 'SHIPPED');
    await rig.applyDue();
    expect((await order()).status).toBe('DELIVERED');
  });

  test('of one shipment leaves the order SHIPPED until the others have arrived', async () => {
    const part = (key: string, number: string) =>
      sql`
      insert into order_shipments (order_id, shipment_key, items, tracking_number, actor) values (${orderId}, ${key}, '[]', ${number}, 'a')`.execute(
        rig.database.db,
      );
    await part('1', 'T1');
    await part('2', 'T2');
    await sql`update order_items set shipped_quantity = quantity where order_id = ${orderId}`.execute(rig.database.db);
    await rig.move(orderId, 'SHIPPED');
    expect((await receive('shipment.delivered', { tracking_number: 'T1' })).state).toBe('APPLIED');
    expect((await order()).status).toBe('SHIPPED');
    expect((await receive('shipment.delivered', { tracking_number: 'T3' })).state).toBe('WAITING');
    await receive('shipment.delivered', { tracking_number: 'T2' });
    expect((await order()).status).toBe('DELIVERED');
  });
});

test('events of an order come out the same in whatever order and however often they come', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, async ({ sequence, repeats, confirmedAt, shippedAfter }) => {
      orderId = await rig.place();
      const sent = tellings.map(([type, data]) =>
        messageAbout(
          orderId,
          type,
          'idempotency_key' in data ? { ...data, idempotency_key: `${orderId}:refund` } : data,
        ),
      );
      for (const [at, index] of [...sequence, ...repeats].entries()) {
        if (at === confirmedAt) await rig.pay(orderId);
        if (at === confirmedAt + shippedAfter) await rig.move(orderId, 'SHIPPED');
        await rig.receive(sent[index]!);
      }
      // What has not come by then comes now.
      await rig.pay(orderId);
      await rig.move(orderId, 'SHIPPED');
      await rig.applyAll();
      await rig.applyAll();
      expect(await standing()).toEqual({ status: 'DELIVERED', paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
      expect((await refunds()).toSorted((one, other) => one - other)).toEqual([250, 1_000, 1_250]);
      expect((await order()).sagaState).toBe('COMPLETED');
      const states = (await rig.inbox(orderId)).map(({ state }) => state);
      expect(states.filter((state) => state !== 'APPLIED' && state !== 'IGNORED')).toEqual(['DEAD']);
    }),
    { numRuns: 6 },
  );
});
