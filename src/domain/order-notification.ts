import type { Address } from './order.ts';

/** What a customer is told about an order. */
export const notificationTypes = [
  'ORDER_CONFIRMED',
  'PAYMENT_FAILED',
  'PAYMENT_ACTION_REQUIRED',
  'ORDER_SHIPPED',
  'ORDER_DELIVERED',
  'ORDER_CANCELLED',
  'ORDER_REFUNDED',
  'RETURN_RECEIVED',
] as const;

export type NotificationType = (typeof notificationTypes)[number];

/** Whether `type` is one of {@link notificationTypes}. */
export function isNotificationType(type: string): type is NotificationType {
  return (notificationTypes as readonly string[]).includes(type);
}

/** Whom a message is for, as far as it is known: from the order, from its addresses, or from the customer service. */
export interface Recipient {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

/** A line as a message shows it; amounts are decimal strings. */
export interface NotificationLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unit_price: string;
  readonly total: string;
}

/** Why an order was cancelled, for texts in the customer's language: `OTHER` has only its `reason`. */
export const cancellationCauses = ['OUT_OF_STOCK', 'PAYMENT_DECLINED', 'OTHER'] as const;

/** What money went back for, for texts in the customer's language. */
export const refundCauses = ['CANCELLATION', 'RETURN', 'AMENDMENT', 'OTHER'] as const;

export type RefundCause = (typeof refundCauses)[number];

/**
 * What each type of message tells beside the order, as it is written on the wire: amounts are decimal strings in the currency of the order,
 * times RFC 3339 in UTC.
 */
export interface NotificationContents {
  readonly ORDER_CONFIRMED: {
    readonly lines: readonly NotificationLine[];
    readonly subtotal: string;
    readonly discount: string;
    readonly tax: string;
    readonly shipping: string;
    readonly total: string;
    readonly shipping_method: string | null;
    readonly shipping_address: Address;
  };
  /** The order waits for another payment method until `retry_until`, and is cancelled then. */
  readonly PAYMENT_FAILED: {
    readonly total: string;
    /** As the payment service says it, such as `INSUFFICIENT_FUNDS`. */
    readonly decline_code: string | null;
    readonly retry_until: string | null;
  };
  /** The customer has to confirm the payment at `action_url`, or in the shop where there is none, until `until`. */
  readonly PAYMENT_ACTION_REQUIRED: {
    readonly total: string;
    readonly action_url: string | null;
    readonly until: string | null;
  };
  /** One parcel; `is_last` when everything that was ordered has left with it. */
  readonly ORDER_SHIPPED: {
    readonly lines: readonly NotificationLine[];
    readonly is_last: boolean;
    readonly carrier: string | null;
    readonly tracking: string | null;
  };
  readonly ORDER_DELIVERED: {
    readonly lines: readonly NotificationLine[];
    readonly delivered_at: string | null;
  };
  readonly ORDER_CANCELLED: {
    readonly lines: readonly NotificationLine[];
    readonly cause: (typeof cancellationCauses)[number];
    readonly reason: string | null;
    /** What was paid and goes back to the customer; null when nothing was paid. */
    readonly refund_amount: string | null;
  };
  readonly ORDER_REFUNDED: {
    readonly amount: string;
    readonly cause: RefundCause;
    readonly reason: string | null;
  };
  /** The goods have arrived, and `refund_amount` goes back for them. */
  readonly RETURN_RECEIVED: {
    readonly lines: readonly NotificationLine[];
    readonly refund_amount: string;
  };
}

/** What every message says. */
interface NotificationBase {
  /** `<order id>:notify:<type>[:<n>]`: whoever sends a message sends it once per key. */
  readonly idempotencyKey: string;
  readonly orderId: string;
  /** As people read it. */
  readonly orderNumber: string;
  readonly customerId: string;
  readonly recipient: Recipient;
  /** BCP 47, such as `de` or `fr-CA`; null where the order has none. */
  readonly locale: string | null;
  /** ISO 4217. */
  readonly currency: string;
  /** Where the customer finds the order, and pays again if need be; null unless the shop has said where. */
  readonly orderUrl: string | null;
}

/** A message of this type to a customer about an order. */
export type NotificationOf<Type extends NotificationType> = NotificationBase & {
  readonly type: Type;
  readonly content: NotificationContents[Type];
};

/** A message to a customer about an order, as every way of sending takes it. */
export type OrderNotification = { [Type in NotificationType]: NotificationOf<Type> }[NotificationType];

/** The key of a message; `nth` tells several of one type apart: the shipment, the refund, the return, or the request to send it again. */
export function notificationKey(orderId: string, type: NotificationType, nth?: string): string {
  return `${orderId}:notify:${type}${nth === undefined ? '' : `:${nth}`}`;
}
