import { afterAll, beforeAll, expect, test } from 'vitest';
import { notificationKey } from '../../src/domain/order-notification.ts';
import { failMessage } from '../../src/repositories/fail-message.ts';
import { listMessages } from '../../src/repositories/failed-messages.ts';
import { measureOrders } from '../../src/repositories/order-figures.ts';
import { countQueues } from '../../src/repositories/work-queues.ts';
import { mailRecordIn } from '../../src/repositories/sent-messages.ts';
import { openOrders, orderIn } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
afterAll(() => orders.close());

test('of many that take a mail at once one has it, and nobody takes it again once it was sent', async () => {
  const record = mailRecordIn(orders.db);
  const takes = await Promise.all(Array.from({ length: 20 }, () => record.take('k-1', '<k-1@example.com>', 60_000)));
  expect(takes.filter((take) => take === 'taken')).toHaveLength(1);
  expect(takes.filter((take) => take === 'busy')).toHaveLength(19);
  await record.recordSent('k-1');
  await record.release('k-1');
  expect(await record.take('k-1', '<k-1@example.com>', 60_000)).toBe('sent');
});

test('a mail that was sent is never taken again, though the time of its sender is over', async () => {
  const record = mailRecordIn(orders.db);
  await record.take('k-3', '<k-3@example.com>', -1);
  await record.recordSent('k-3');
  expect(await record.take('k-3', '<k-3@example.com>', 60_000)).toBe('sent');
});

test('a mail that was released, or whose lease is over, can be taken again', async () => {
  const record = mailRecordIn(orders.db);
  await record.take('k-2', '<k-2@example.com>', 60_000);
  await record.release('k-2');
  expect(await record.take('k-2', '<k-2@example.com>', -1)).toBe('taken');
  expect(await record.take('k-2', '<k-2@example.com>', 60_000)).toBe('taken');
});

test('a message that is refused after it was handed over has failed, and an order shows that its confirmation did', async () => {
  const orderId = await orderIn(orders.db, 'CONFIRMED');
  const told = {
    idempotencyKey: notificationKey(orderId, 'ORDER_CONFIRMED'),
    orderId,
    type: 'ORDER_CONFIRMED',
    recipient: { email: 'nobody@example.com' },
  } as const;
  await failMessage(orders.db, told, '550 no such user');
  await failMessage(orders.db, told, '550 no such user');
  const rows = await orders.db.selectFrom('order_messages').selectAll().where('order_id', '=', orderId).execute();
  expect(rows).toMatchObject([
    {
      key: told.idempotencyKey,
      state: 'FAILED',
      last_error: '550 no such user',
      recipient: 'n***@example.com',
      sent_at: null,
    },
  ]);
  const order = await orders.db
    .selectFrom('orders')
    .select('notification_failed')
    .where('id', '=', orderId)
    .executeTakeFirst();
  expect(order?.notification_failed).toBe(true);
  // Where failed messages are listed and counted it is one, though order and message both say so.
  expect((await listMessages(orders.db, { state: 'FAILED', limit: 10 })).messages).toHaveLength(1);
  expect((await measureOrders(orders.db, 60_000)).messagesFailed).toBe(1);
  expect(await countQueues(orders.db, 60_000)).toMatchObject({ MESSAGE_FAILED: 1 });
});

test('a message of an order that is not here is nobody’s', async () => {
  const orderId = '0198c5f4-7c00-7000-8000-00000000dead';
  await failMessage(
    orders.db,
    { idempotencyKey: `${orderId}:notify:X`, orderId, type: 'ORDER_SHIPPED', recipient: {} },
    'refused',
  );
  await failMessage(
    orders.db,
    { idempotencyKey: 'x', orderId: 'not-an-id', type: 'ORDER_SHIPPED', recipient: {} },
    'refused',
  );
  expect(await orders.db.selectFrom('order_messages').select('key').where('order_id', '=', orderId).execute()).toEqual(
    [],
  );
});
