import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { insertMessage, claimMessages, recordMessages } from '../../../src/repositories/order-messages.ts';
import { gatewaysTo, someMessage } from '../../gateways/calls.ts';
import { recordOf, transitionTo } from '../../repositories/orders.ts';
import { transitionOrder } from '../../../src/repositories/transition-order.ts';
import { recordShipment } from '../../../src/orders/record-shipment.ts';
import { notifyOfOrder } from '../../../src/domain/notify-of-order.ts';
import { notifyAgain } from '../../../src/orders/notify-again.ts';
import { listMessages, retryMessages, skipMessages } from '../../../src/repositories/failed-messages.ts';
import { findOrderWithItems } from '../../../src/repositories/order-repository.ts';
import { writeLedger } from '../../../src/repositories/ledger.ts';
import { eventually } from '../../setup/eventually.ts';
import { captureLog } from '../../setup/captured-log.ts';
import { startMessagesRig, type MessagesRig } from './messages-rig.ts';

let rig: MessagesRig;
beforeAll(async () => {
  rig = await startMessagesRig();
});
beforeEach(async () => {
  await rig.noFaults();
});
afterAll(() => rig.stop());

const support = { actor: 'support:sam' };
const writer = () => ({ db: rig.db, announcer: { announce: () => {} }, logger: captureLog().logger });
const statesOf = async (id: string) => (await rig.messages(id)).map(({ type, state }) => `${type} ${state}`);
const settles = (id: string, states: string[]) =>
  eventually(async () => {
    expect(await statesOf(id)).toEqual(states);
  });

test('a customer is told of each parcel with its goods and tracking, of the delivery, and of each thing once', async () => {
  const { id, items } = await rig.order({}, 'CONFIRMED');
  const item_id = items[0]!.id;
  const parcel = { carrier: 'DHL', number: 'JD-1' };
  const by = { actor: 'support:sam', reason: 'packed' };
  await recordShipment(writer(), {
    orderId: id,
    key: 's1',
    items: [{ item_id, quantity: 1 }],
    tracking: parcel,
    ...by,
  });
  await transitionOrder(rig.db, transitionTo(id, 'SHIPPED', { tracking: { carrier: 'UPS', number: '1Z-2' } }));
  await rig.publish();
  const runner = rig.run();
  await settles(id, ['ORDER_SHIPPED SENT', 'ORDER_SHIPPED SENT']);
  await transitionOrder(rig.db, transitionTo(id, 'DELIVERED'));
  await rig.publish();
  runner.wake();
  await settles(id, ['ORDER_SHIPPED SENT', 'ORDER_SHIPPED SENT', 'ORDER_DELIVERED SENT']);
  expect(await rig.sent(id)).toMatchObject([
    {
      type: 'ORDER_SHIPPED',
      recipient: { name: 'A', email: 'alice@example.com' },
      content: { lines: [{ sku: 'TEAPOT', quantity: 1 }], is_last: false, carrier: 'DHL', tracking: 'JD-1' },
    },
    { type: 'ORDER_SHIPPED', content: { lines: [{ quantity: 1 }], is_last: true, carrier: 'UPS', tracking: '1Z-2' } },
    { type: 'ORDER_DELIVERED', content: { lines: [{ quantity: 2 }] } },
  ]);
  await rig.publish();
  expect((await rig.messages(id)).map(({ recipient }) => recipient)).toEqual(Array(3).fill('a***@example.com'));
});

test('a declined payment is told with until when another method may be offered, unless it is paid before the message goes', async () => {
  const until = new Date(Date.now() + 60_000);
  const failed = { paymentRetryUntil: until.toISOString() };
  const open = await rig.order({});
  const paid = await rig.order({});
  for (const { id } of [open, paid]) await transitionOrder(rig.db, transitionTo(id, 'PAYMENT_FAILED', failed));
  await transitionOrder(rig.db, transitionTo(paid.id, 'PENDING', { key: 'again' }));
  await transitionOrder(rig.db, transitionTo(paid.id, 'CONFIRMED'));
  await rig.publish();
  rig.run({ orderUrl: 'https://shop.example/orders/{order_number}' });
  await settles(open.id, ['PAYMENT_FAILED SENT']);
  await settles(paid.id, ['PAYMENT_FAILED SKIPPED']);
  const number = (await recordOf(rig.db, open.id)).order?.orderNumber;
  expect(await rig.sent(open.id)).toMatchObject([
    {
      content: { total: '25.00', retry_until: until.toISOString() },
      order_url: `https://shop.example/orders/${number}`,
    },
  ]);
  expect(await rig.messages(paid.id)).toMatchObject([{ lastError: expect.stringContaining('CONFIRMED') }]);
});

test('a cancellation and what is refunded for it are told, each refund once', async () => {
  const { id } = await rig.order({}, 'CONFIRMED');
  const refund = { idempotencyKey: `${id}:refund`, kind: 'REFUND', status: 'REFUNDED', amountMinor: 2_500 } as const;
  await transitionOrder(
    rig.db,
    transitionTo(id, 'CANCELLED', {
      cancellationReason: 'ordered by mistake',
      refundedMinor: 2_500,
      transactions: [{ ...refund, currency: 'EUR', paymentMethod: 'tok_ok' }],
    }),
  );
  const goodwill = { ...refund, idempotencyKey: `${id}:refund:amount:1`, currency: 'EUR', paymentMethod: 'tok_ok' };
  await writeLedger(rig.db, id, [], [goodwill]);
  await rig.publish();
  rig.run();
  await settles(id, ['ORDER_CANCELLED SENT', 'ORDER_REFUNDED SENT']);
  expect(await rig.sent(id)).toMatchObject([
    { type: 'ORDER_CANCELLED', content: { cause: 'OTHER', reason: 'ordered by mistake', refund_amount: '25.00' } },
    { type: 'ORDER_REFUNDED', content: { amount: '25.00', cause: 'CANCELLATION' } },
  ]);
});

test('a customer is told no reason where the records have none', async () => {
  const { id } = await rig.order({}, 'CONFIRMED');
  await transitionOrder(rig.db, transitionTo(id, 'CANCELLED', { cancellationReason: 'no reason given' }));
  await rig.publish();
  rig.run();
  await settles(id, ['ORDER_CANCELLED SENT']);
  expect(await rig.sent(id)).toMatchObject([{ content: { cause: 'OTHER', reason: null, refund_amount: null } }]);
});

test('a message without any e-mail address is skipped with the reason, and one of the customer service is used', async () => {
  await rig.sandbox.call('PUT', '/users/known', { name: 'Kim', email: 'kim@example.com' });
  const way = ['CONFIRMED', 'SHIPPED'] as const;
  const nobody = await rig.order({ customerEmail: null, customerId: 'nobody' }, ...way);
  const known = await rig.order({ customerEmail: null, customerId: 'known' }, ...way);
  const { shippingAddress: address } = known;
  const byAddress = await rig.order(
    { customerEmail: null, customerId: 'nobody', shippingAddress: { ...address, email: 'b@example.com' } },
    ...way,
  );
  rig.run();
  await settles(nobody.id, ['ORDER_SHIPPED SKIPPED']);
  await settles(known.id, ['ORDER_SHIPPED SENT']);
  await settles(byAddress.id, ['ORDER_SHIPPED SENT']);
  expect(await rig.messages(nobody.id)).toMatchObject([{ lastError: expect.stringContaining('no e-mail address') }]);
  expect(await rig.sent(known.id)).toMatchObject([{ recipient: { email: 'kim@example.com' } }]);
  expect(await rig.sent(byAddress.id)).toMatchObject([{ recipient: { email: 'b@example.com' } }]);
});

test('a type that the settings leave out is not sent, and says so', async () => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  rig.run({ types: ['ORDER_DELIVERED'] });
  await settles(id, ['ORDER_SHIPPED SKIPPED']);
  expect(await rig.sent(id)).toEqual([]);
});

test.each([
  ['down', 3],
  ['fail_before_effect', 2],
  ['fail_after_effect', 2],
  ['timeout_after_effect', 1],
])('a message is sent once though the service is disturbed by %s', async (mode, times) => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  await rig.fault(mode, { times, match: { order_id: id } });
  const runner = rig.run();
  await eventually(async () => {
    await rig.endPauses();
    runner.wake();
    expect(await statesOf(id)).toEqual(['ORDER_SHIPPED SENT']);
  });
  expect(await rig.sent(id)).toHaveLength(1);
  const [message] = await rig.messages(id);
  expect(message?.attempts).toBeGreaterThan(times);
  expect(message?.lastError).toBeNull();
});

test('a sender that dies between sending and recording leaves a message that is sent once', async () => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  const [dead] = await claimMessages(rig.db, 1, 0);
  const order = (await findOrderWithItems(rig.db, id))!;
  const content = { lines: [], is_last: true, carrier: null, tracking: null };
  const sent = notifyOfOrder(order, 'ORDER_SHIPPED', content);
  await gatewaysTo(rig.sandbox.url).notification.send({ ...sent, idempotencyKey: dead!.key });
  rig.run();
  await settles(id, ['ORDER_SHIPPED SENT']);
  expect(await rig.sent(id)).toHaveLength(1);
});

test('what a sender says of a message that another one has taken over meanwhile is not believed', async () => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  const [late] = await claimMessages(rig.db, 1, 0);
  const [claimed] = await claimMessages(rig.db, 1, 60_000);
  expect([late?.orderId, claimed?.key]).toEqual([id, late?.key]);
  const failed = { state: 'FAILED', lastError: 'no answer', content: null, recipient: null, retryMs: 0 } as const;
  await recordMessages(rig.db, [{ ...failed, key: late!.key, attempts: late!.attempts }]);
  expect(await rig.messages(id)).toMatchObject([{ state: 'PENDING', attempts: 2, lastError: null }]);
  await recordMessages(rig.db, [{ ...failed, key: late!.key, attempts: claimed!.attempts }]);
  expect(await rig.messages(id)).toMatchObject([{ state: 'FAILED', attempts: 2 }]);
});

test('two senders at once send each of a hundred messages once', async () => {
  const { id } = await rig.order({}, 'CONFIRMED');
  const keys = Array.from({ length: 100 }, (_, n) => `${id}:notify:ORDER_CONFIRMED:${n}`);
  for (const key of keys) await insertMessage(rig.db, { key, orderId: id, type: 'ORDER_CONFIRMED', about: {} });
  rig.run();
  rig.run();
  await settles(id, Array(100).fill('ORDER_CONFIRMED SENT'));
  expect(await rig.sent(id)).toHaveLength(100);
  expect((await rig.messages(id)).every(({ attempts }) => attempts === 1)).toBe(true);
});

test('a message that could not be sent for too long has failed', async () => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  await rig.fault('down', { match: { order_id: id } });
  rig.run({ giveUpAfterMs: 0 });
  await settles(id, ['ORDER_SHIPPED FAILED']);
  expect(await rig.messages(id)).toMatchObject([{ attempts: 1, lastError: expect.stringContaining('503') }]);
});

test('a message that the service rejects has failed at once', async () => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  const [shipped] = await rig.messages(id);
  await gatewaysTo(rig.sandbox.url).notification.send({ ...someMessage(id), idempotencyKey: shipped!.key });
  rig.run();
  await settles(id, ['ORDER_SHIPPED FAILED']);
  expect(await rig.messages(id)).toMatchObject([{ attempts: 1, lastError: expect.stringContaining('422') }]);
});

test('a message about nothing that is known any more is skipped', async () => {
  const orderId = '01999a3e-5f1c-7c11-9f6e-2a40c1b1a0f9';
  await insertMessage(rig.db, { key: 'gone', orderId, type: 'ORDER_DELIVERED', about: {} });
  rig.run();
  await settles(orderId, ['ORDER_DELIVERED SKIPPED']);
  expect(await rig.messages(orderId)).toMatchObject([{ lastError: 'there is no such order any more' }]);
});

test('a customer is told again under a key of its own, once a request, at the present address, and only what is true', async () => {
  const { id } = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  const runner = rig.run();
  await settles(id, ['ORDER_SHIPPED SENT']);
  const order = (await findOrderWithItems(rig.db, id))!;
  const again = () => notifyAgain(rig.db, support, order, { type: 'ORDER_SHIPPED', idempotencyKey: 'again' });
  await rig.db.updateTable('orders').set({ customer_email: 'new@example.com' }).where('id', '=', id).execute();
  expect((await again()).key).toBe((await again()).key);
  runner.wake();
  await settles(id, ['ORDER_SHIPPED SENT', 'ORDER_SHIPPED SENT']);
  expect(await rig.sent(id)).toMatchObject([
    { recipient: { email: 'alice@example.com' } },
    { recipient: { email: 'new@example.com' } },
  ]);
  for (const type of [
    'ORDER_DELIVERED',
    'ORDER_CANCELLED',
    'ORDER_REFUNDED',
    'RETURN_RECEIVED',
    'PAYMENT_FAILED',
  ] as const)
    await expect(notifyAgain(rig.db, support, order, { type, idempotencyKey: undefined })).rejects.toMatchObject({
      code: 'ORD005',
    });
});

test('messages that failed are listed with confirmations, and sent again or dropped, many at once', async () => {
  const shipped = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  const dropped = await rig.order({}, 'CONFIRMED', 'SHIPPED');
  const confirmed = await rig.order({}, 'CONFIRMED');
  await rig.db.updateTable('orders').set({ notification_failed: true }).where('id', '=', confirmed.id).execute();
  await rig.db
    .updateTable('order_messages')
    .set({ state: 'FAILED', last_error: 'no' })
    .where('state', '=', 'PENDING')
    .execute();
  const failed = async () =>
    (await listMessages(rig.db, { state: 'FAILED', limit: 200 })).messages.map(({ orderId }) => orderId);
  const listed = await failed();
  for (const { id } of [shipped, dropped, confirmed]) expect(listed.filter((one) => one === id)).toHaveLength(1);
  expect(await skipMessages(rig.db, { orderId: dropped.id }, 'not needed', 'support:sam')).toBe(1);
  expect(await retryMessages(rig.db, {}, 'support:sam')).toBe(listed.length - 1);
  rig.run();
  await settles(shipped.id, ['ORDER_SHIPPED SENT']);
  await settles(confirmed.id, ['ORDER_CONFIRMED SENT']);
  await settles(dropped.id, ['ORDER_SHIPPED SKIPPED']);
  const left = await failed();
  for (const { id } of [shipped, dropped, confirmed]) expect(left).not.toContain(id);
  expect(await rig.sent(confirmed.id)).toMatchObject([{ idempotency_key: `${confirmed.id}:notify:ORDER_CONFIRMED` }]);
  const row = await rig.db
    .selectFrom('orders')
    .select('notification_failed')
    .where('id', '=', confirmed.id)
    .executeTakeFirst();
  expect(row).toEqual({ notification_failed: false });
});
