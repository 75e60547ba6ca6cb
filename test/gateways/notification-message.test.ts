import { expect, test } from 'vitest';
import { confirmationOf, notifyOfOrder } from '../../src/domain/notify-of-order.ts';
import type { OrderNotification } from '../../src/domain/order-notification.ts';
import {
  notificationMessage,
  toNotificationMessage,
  toOrderNotification,
} from '../../src/gateways/notification-message.ts';
import { someOrder } from '../repositories/orders.ts';

const order = { ...someOrder(), orderNumber: 'ORD-00000042' };
const lines = [{ sku: 'TEAPOT', name: 'Teapot', quantity: 1, unit_price: '12.50', total: '12.50' }];

const until = '2026-11-27T10:00:00.000Z';

const notifications: readonly OrderNotification[] = [
  confirmationOf(order),
  notifyOfOrder(order, 'PAYMENT_FAILED', { total: '25.00', decline_code: 'INSUFFICIENT_FUNDS', retry_until: until }),
  notifyOfOrder(order, 'PAYMENT_ACTION_REQUIRED', { total: '25.00', action_url: 'https://bank.example/3ds', until }),
  notifyOfOrder(order, 'ORDER_SHIPPED', { lines, is_last: false, carrier: 'DHL', tracking: 'JD014600003' }, '1'),
  notifyOfOrder(order, 'ORDER_DELIVERED', { lines, delivered_at: until }),
  notifyOfOrder(order, 'ORDER_CANCELLED', { lines, cause: 'OTHER', reason: 'a mistake', refund_amount: '25.00' }),
  notifyOfOrder(order, 'ORDER_REFUNDED', { amount: '12.50', cause: 'RETURN', reason: null }, '1'),
  notifyOfOrder(order, 'RETURN_RECEIVED', { lines, refund_amount: '12.50' }, '1'),
];

test.each(notifications)('$type comes out of its wire form as it went in', (notification) => {
  const received = notificationMessage.parse(JSON.parse(JSON.stringify(toNotificationMessage(notification))));
  expect(toOrderNotification(notification.idempotencyKey, received)).toEqual(notification);
});

test('a confirmation says what was ordered and what it comes to', () => {
  expect(confirmationOf(order)).toMatchObject({
    idempotencyKey: `${order.id}:notify:ORDER_CONFIRMED`,
    recipient: { name: 'A' },
    content: { lines: [{ sku: 'TEAPOT', quantity: 2, unit_price: '12.50', total: '25.00' }], total: '25.00' },
  });
});
