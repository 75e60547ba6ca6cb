import { notificationKey, type NotificationOf, type OrderNotification } from '../domain/order-notification.ts';

const orderId = '0198c5f4-7c00-7000-8000-000000000001';

/** Messages of every type, with everything that each may have and with as little as it may have: what templates are tried with. */
export function sampleNotifications(locale: string): readonly OrderNotification[] {
  return [...fullContents, ...leastContents].map((sample, index) => {
    const isFull = index < fullContents.length;
    const base = {
      idempotencyKey: notificationKey(orderId, sample.type),
      orderId,
      orderNumber: 'ORD-00000042',
      customerId: 'c-1',
      recipient: isFull ? { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+441632960001' } : {},
      locale,
      currency: 'EUR',
      orderUrl: isFull ? 'https://shop.example.com/orders/ORD-00000042' : null,
    };
    return { ...base, ...sample };
  });
}

type Sample = {
  [Type in OrderNotification['type']]: Pick<NotificationOf<Type>, 'type' | 'content'>;
}[OrderNotification['type']];

const lines = [
  { sku: 'TEAPOT', name: 'Teapot, blue', quantity: 2, unit_price: '12.50', total: '25.00' },
  { sku: 'CUP-6', name: 'Six cups', quantity: 1, unit_price: '1234.00', total: '1234.00' },
];

const address = {
  name: 'Ada Lovelace',
  line1: '12 St James’s Square',
  city: 'London',
  postal_code: 'SW1Y 4JH',
  country: 'GB',
};

const sums = { subtotal: '1259.00', discount: '9.00', tax: '0.00', shipping: '9.90', total: '1259.90' };

const time = '2026-11-27T10:00:00Z';

const fullContents: readonly Sample[] = [
  { type: 'ORDER_CONFIRMED', content: { lines, ...sums, shipping_method: 'express', shipping_address: address } },
  { type: 'PAYMENT_FAILED', content: { total: '1259.90', decline_code: 'INSUFFICIENT_FUNDS', retry_until: time } },
  {
    type: 'PAYMENT_ACTION_REQUIRED',
    content: { total: '1259.90', action_url: 'https://bank.example.com/confirm?payment=1&lang=en', until: time },
  },
  { type: 'ORDER_SHIPPED', content: { lines, is_last: true, carrier: 'DHL', tracking: 'JD014600003' } },
  { type: 'ORDER_DELIVERED', content: { lines, delivered_at: time } },
  { type: 'ORDER_CANCELLED', content: { lines, cause: 'OTHER', reason: 'ordered twice', refund_amount: '1259.90' } },
  { type: 'ORDER_CANCELLED', content: { lines, cause: 'OUT_OF_STOCK', reason: null, refund_amount: null } },
  { type: 'ORDER_CANCELLED', content: { lines, cause: 'PAYMENT_DECLINED', reason: null, refund_amount: null } },
  { type: 'ORDER_REFUNDED', content: { amount: '12.50', cause: 'OTHER', reason: 'a scratch on the lid' } },
  { type: 'ORDER_REFUNDED', content: { amount: '12.50', cause: 'CANCELLATION', reason: null } },
  { type: 'ORDER_REFUNDED', content: { amount: '12.50', cause: 'RETURN', reason: null } },
  { type: 'ORDER_REFUNDED', content: { amount: '12.50', cause: 'AMENDMENT', reason: null } },
  { type: 'RETURN_RECEIVED', content: { lines, refund_amount: '25.00' } },
];

const leastContents: readonly Sample[] = [
  {
    type: 'ORDER_CONFIRMED',
    content: { lines: [], ...sums, shipping_method: null, shipping_address: address },
  },
  { type: 'PAYMENT_FAILED', content: { total: '25.00', decline_code: null, retry_until: null } },
  { type: 'PAYMENT_ACTION_REQUIRED', content: { total: '25.00', action_url: null, until: null } },
  { type: 'ORDER_SHIPPED', content: { lines, is_last: false, carrier: null, tracking: null } },
  { type: 'ORDER_DELIVERED', content: { lines, delivered_at: null } },
  { type: 'ORDER_CANCELLED', content: { lines: [], cause: 'OTHER', reason: null, refund_amount: null } },
  { type: 'ORDER_REFUNDED', content: { amount: '12.50', cause: 'OTHER', reason: null } },
  { type: 'RETURN_RECEIVED', content: { lines, refund_amount: '25.00' } },
];
