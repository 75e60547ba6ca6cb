import { z } from 'zod';
import {
  cancellationCauses,
  refundCauses,
  type NotificationContents,
  type NotificationType,
  type OrderNotification,
} from '../domain/order-notification.ts';

const amount = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .describe('A decimal amount with exactly the decimals of its currency.');

const time = z.iso.datetime().describe('RFC 3339, in UTC.');

const line = z.object({
  sku: z.string(),
  name: z.string(),
  quantity: z.int().min(1),
  unit_price: amount,
  total: amount,
});

const lines = z.array(line).readonly();

const address = z.object({
  name: z.string(),
  line1: z.string(),
  line2: z.string().optional(),
  city: z.string(),
  region: z.string().optional(),
  postal_code: z.string().optional(),
  country: z.string().length(2),
  company: z.string().optional(),
  phone: z.string().optional(),
  email: z.string().optional(),
});

const contents = {
  ORDER_CONFIRMED: z.object({
    lines,
    subtotal: amount,
    discount: amount,
    tax: amount,
    shipping: amount,
    total: amount,
    shipping_method: z.string().nullable(),
    shipping_address: address,
  }),
  PAYMENT_FAILED: z.object({ total: amount, decline_code: z.string().nullable(), retry_until: time.nullable() }),
  PAYMENT_ACTION_REQUIRED: z.object({ total: amount, action_url: z.url().nullable(), until: time.nullable() }),
  ORDER_SHIPPED: z.object({
    lines,
    is_last: z.boolean(),
    carrier: z.string().nullable(),
    tracking: z.string().nullable(),
  }),
  ORDER_DELIVERED: z.object({ lines, delivered_at: time.nullable() }),
  ORDER_CANCELLED: z.object({
    lines,
    cause: z.enum(cancellationCauses),
    reason: z.string().nullable(),
    refund_amount: amount.nullable(),
  }),
  ORDER_REFUNDED: z.object({ amount, cause: z.enum(refundCauses), reason: z.string().nullable() }),
  RETURN_RECEIVED: z.object({ lines, refund_amount: amount }),
} satisfies { readonly [Type in NotificationType]: z.ZodType<NotificationContents[Type]> };

/** The wire form of a message of one type. */
function messageOf<Type extends NotificationType>(type: Type) {
  return z.object({
    type: z.literal(type),
    order_id: z.string(),
    order_number: z.string(),
    customer_id: z.string(),
    recipient: z.object({
      name: z.string().optional(),
      email: z.string().optional(),
      phone: z.string().optional(),
    }),
    locale: z.string().nullable().describe('BCP 47.'),
    currency: z.string().length(3).describe('ISO 4217.'),
    order_url: z.string().nullable().describe('Where the customer finds the order.'),
    content: contents[type],
  });
}

/** A message as it is posted to a notification service, and put into a queue: its key travels beside it. What is not known here is left out. */
export const notificationMessage = z.discriminatedUnion('type', [
  messageOf('ORDER_CONFIRMED'),
  messageOf('PAYMENT_FAILED'),
  messageOf('PAYMENT_ACTION_REQUIRED'),
  messageOf('ORDER_SHIPPED'),
  messageOf('ORDER_DELIVERED'),
  messageOf('ORDER_CANCELLED'),
  messageOf('ORDER_REFUNDED'),
  messageOf('RETURN_RECEIVED'),
]);

export type NotificationMessage = z.output<typeof notificationMessage>;

/** The wire form of a message. */
export function toNotificationMessage(notification: OrderNotification): z.input<typeof notificationMessage> {
  const { idempotencyKey: _, orderId, orderNumber, customerId, orderUrl, ...rest } = notification;
  return { ...rest, order_id: orderId, order_number: orderNumber, customer_id: customerId, order_url: orderUrl };
}

/** The message that was sent with this key in this form. */
export function toOrderNotification(idempotencyKey: string, message: NotificationMessage): OrderNotification {
  const {
    order_id: orderId,
    order_number: orderNumber,
    customer_id: customerId,
    order_url: orderUrl,
    ...rest
  } = message;
  return { ...rest, idempotencyKey, orderId, orderNumber, customerId, orderUrl };
}
