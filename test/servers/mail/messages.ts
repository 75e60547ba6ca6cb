import { uuidv7 } from 'uuidv7';
import { notificationKey, type NotificationOf } from '../../../src/domain/order-notification.ts';

/** The confirmation of an order of its own. */
export function someConfirmation(
  email: string,
  more: Partial<NotificationOf<'ORDER_CONFIRMED'>> = {},
): NotificationOf<'ORDER_CONFIRMED'> {
  const orderId = uuidv7();
  return {
    type: 'ORDER_CONFIRMED',
    idempotencyKey: notificationKey(orderId, 'ORDER_CONFIRMED'),
    orderId,
    orderNumber: `ORD-${orderId.slice(-8)}`,
    customerId: 'c-1',
    recipient: { name: 'Ada Lovelace', email },
    locale: 'en',
    currency: 'EUR',
    orderUrl: null,
    content: {
      lines: [{ sku: 'TEAPOT', name: 'Teapot', quantity: 2, unit_price: '12.50', total: '25.00' }],
      subtotal: '25.00',
      discount: '0.00',
      tax: '0.00',
      shipping: '0.00',
      total: '25.00',
      shipping_method: 'standard',
      shipping_address: { name: 'Ada Lovelace', line1: '12 St James’s Square', city: 'London', country: 'GB' },
    },
    ...more,
  };
}
