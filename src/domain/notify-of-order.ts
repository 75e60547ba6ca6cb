import { formatMoney } from './money.ts';
import {
  notificationKey,
  type NotificationContents,
  type NotificationLine,
  type NotificationOf,
  type NotificationType,
  type Recipient,
} from './order-notification.ts';
import type { OrderItem, OrderWithItems } from './order.ts';

/** What messages tell of an order. */
export type ToldOrder = Pick<
  OrderWithItems,
  | 'id'
  | 'orderNumber'
  | 'customerId'
  | 'currency'
  | 'subtotalMinor'
  | 'discountMinor'
  | 'taxMinor'
  | 'shippingMinor'
  | 'totalMinor'
  | 'shippingMethod'
  | 'shippingAddress'
  | 'billingAddress'
  | 'customerName'
  | 'customerEmail'
  | 'customerPhone'
  | 'locale'
> & { readonly items: readonly ToldItem[] };

/** What messages tell of a line. */
export type ToldItem = Pick<OrderItem, 'id' | 'sku' | 'name' | 'unitPriceMinor' | 'quantity'>;

/** The message of this type and content about an order. `nth` tells several of one type apart. */
export function notifyOfOrder<Type extends NotificationType>(
  order: ToldOrder,
  type: Type,
  content: NotificationContents[Type],
  nth?: string,
): NotificationOf<Type> {
  return {
    idempotencyKey: notificationKey(order.id, type, nth),
    type,
    orderId: order.id,
    orderNumber: order.orderNumber,
    customerId: order.customerId,
    recipient: recipientOf(order),
    locale: order.locale,
    currency: order.currency,
    orderUrl: null,
    content,
  };
}

/** That an order is confirmed, with what was ordered and what it comes to. */
export function confirmationOf(order: ToldOrder): NotificationOf<'ORDER_CONFIRMED'> {
  const money = (minor: number) => formatMoney(minor, order.currency);
  return notifyOfOrder(order, 'ORDER_CONFIRMED', {
    lines: order.items.map((item) => lineOf(item, item.quantity, order.currency)),
    subtotal: money(order.subtotalMinor),
    discount: money(order.discountMinor),
    tax: money(order.taxMinor),
    shipping: money(order.shippingMinor),
    total: money(order.totalMinor),
    shipping_method: order.shippingMethod,
    shipping_address: order.shippingAddress,
  });
}

/** So many of a line. */
export function lineOf({ sku, name, unitPriceMinor }: ToldItem, quantity: number, currency: string): NotificationLine {
  const money = (minor: number) => formatMoney(minor, currency);
  return { sku, name, quantity, unit_price: money(unitPriceMinor), total: money(unitPriceMinor * quantity) };
}

/** Whom messages about an order are for, as far as the order says it; who pays is rather meant than who gets the goods. */
function recipientOf(order: ToldOrder): Recipient {
  const { shippingAddress, billingAddress, customerName, customerEmail, customerPhone } = order;
  return {
    name: customerName ?? billingAddress?.name ?? shippingAddress.name,
    email: customerEmail ?? billingAddress?.email ?? shippingAddress.email,
    phone: customerPhone ?? billingAddress?.phone ?? shippingAddress.phone,
  };
}
