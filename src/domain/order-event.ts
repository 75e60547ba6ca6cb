import type { ItemQuantity } from './order-return.ts';
import type { DisabledReason } from './webhook-endpoint.ts';
import { orderStatuses, type OrderStatus } from './order-status.ts';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStatus } from './payment-status.ts';
import type { SagaState } from './saga.ts';

/** The type of an event that tells of a change for which there is no type of its own. */
export const ORDER_UPDATED = 'order.updated';

/** The type of an event that tells that somebody has to decide something about an order. */
export const NEEDS_ATTENTION = 'order.needs_attention';

/** What the events of an order are called that tell of anything but a charge or refund: by the status that it has now, or by what else has happened. */
export const orderEventTypes = [
  'order.created',
  ...orderStatuses.map((status) => `order.${status.toLowerCase()}` as StatusEventType),
  'order.edited',
  'order.amended',
  'order.out_of_stock',
  'order.partly_shipped',
  'order.shipment_corrected',
  'order.return_opened',
  'order.return_refunded',
  'order.return_unrefunded',
  'order.return_rejected',
  'order.refund_opened',
  'order.refund_made',
  'order.refund_rejected',
  NEEDS_ATTENTION,
  ORDER_UPDATED,
] as const;

/** An order has come into a status. */
export type StatusEventType = `order.${Lowercase<OrderStatus>}`;

export type OrderEventType = (typeof orderEventTypes)[number];

/** What tells of an order's charges and refunds. */
export const paymentEventTypes = ['payment.processed', 'payment.failed', 'payment.refunded'] as const;

export type PaymentEventType = (typeof paymentEventTypes)[number];

/** What tells of the receivers of events. */
const endpointEventTypes = ['webhook_endpoint.disabled'] as const;

/** Every type of event that is published. */
export const eventTypes = [...orderEventTypes, ...paymentEventTypes, ...endpointEventTypes] as const;

export type EventType = (typeof eventTypes)[number];

/** The source of every event, within which its id is unique. */
export const EVENT_SOURCE = '/orders';

/** The content type of an event in CloudEvents' structured mode. */
export const CLOUD_EVENT_TYPE = 'application/cloudevents+json';

/** What every event of an order tells; times are RFC 3339 in UTC. */
export interface OrderFields {
  readonly order_id: string;
  readonly order_number: string;
  readonly customer_id: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly occurred_at: string;
}

/** What the event of a change tells of it. */
export interface ChangeFields extends OrderFields {
  /** The status before; null for a new order. */
  readonly from: OrderStatus | null;
  readonly payment_status: PaymentStatus;
  readonly saga_state: SagaState;
  readonly actor: string;
  readonly reason: string | null;
}

/** How goods travel. */
interface TrackingFields {
  readonly carrier: string | null;
  readonly tracking: string | null;
}

/** The end of a return; amounts are decimal strings. */
interface ReturnFields {
  readonly return_id: string;
  readonly amount: string;
  readonly currency: string;
}

/** Money that goes back without goods; amounts are decimal strings. */
interface RefundFields {
  readonly refund_id: string;
  readonly amount: string;
  readonly currency: string;
}

/** A charge or refund; amounts are decimal strings. */
interface MoneyFields {
  readonly amount: string;
  readonly currency: string;
  readonly payment_id: string | null;
  readonly provider: PaymentProvider;
}

/** What each type of event tells beside the order, in so far as it tells more. */
export interface EventDetails {
  'order.created': {
    readonly total: string;
    readonly currency: string;
    readonly item_count: number;
    readonly created_at: string;
  };
  'order.confirmed': { readonly payment_id: string | null; readonly confirmed_at: string };
  'order.shipped': TrackingFields;
  'order.cancelled': { readonly reason: string };
  'order.amended': { readonly total: string; readonly difference: string; readonly currency: string };
  'order.out_of_stock': {
    readonly amend_until: string;
    readonly details: readonly Readonly<Record<string, string | number>>[];
  };
  'order.partly_shipped': TrackingFields & { readonly items: readonly ItemQuantity[] };
  'order.shipment_corrected': TrackingFields & { readonly shipment_id: string };
  'order.return_opened': { readonly return_id: string; readonly items: readonly ItemQuantity[] };
  'order.return_refunded': ReturnFields;
  'order.return_unrefunded': ReturnFields;
  'order.return_rejected': ReturnFields;
  'order.refund_opened': RefundFields;
  'order.refund_made': RefundFields & { readonly refunded_amount: string; readonly notify: boolean };
  'order.refund_rejected': RefundFields;
  /** The step that waits, if it is one, what is wrong and what to do. */
  'order.needs_attention': {
    readonly step: string | null;
    readonly problem: string;
    readonly what_to_do: string;
  };
  /** What changed, if it is a decision or an incident of the order's saga, and the step that it is about. */
  'order.updated': { readonly change?: string | undefined; readonly step?: string | undefined };
  'payment.processed': MoneyFields & {
    readonly transaction_id: string;
    readonly payment_method: string;
    readonly processed_at: string;
  };
  'payment.failed': MoneyFields & {
    readonly transaction_id: string;
    readonly payment_method: string;
    readonly failure_code: string;
    readonly failure_reason: string;
  };
  'payment.refunded': MoneyFields & { readonly refund_id: string; readonly reason: string | null };
  'webhook_endpoint.disabled': {
    readonly endpoint_id: string;
    readonly url: string;
    readonly reason: DisabledReason;
    readonly failing_since: string;
    readonly last_error: string | null;
    readonly what_to_do: string;
    readonly occurred_at: string;
  };
}

/** What an event of this type tells beside the order. */
export type DetailsOf<Type extends EventType> = Type extends keyof EventDetails ? EventDetails[Type] : unknown;

/** All that an event of this type tells. */
export type EventData<Type extends EventType> = DetailsOf<Type> &
  (Type extends OrderEventType ? Omit<ChangeFields, keyof DetailsOf<Type>> : unknown) &
  (Type extends PaymentEventType ? OrderFields : unknown);

/** Something that happened to an order, as its outbox row tells it. Ids grow, within an order in the order of what happened. */
export interface OrderEvent {
  /** The same at every delivery, so that a receiver can tell a repeat. */
  readonly id: number;
  /** The order that it is about. */
  readonly subjectId: string;
  /** Such as `order.confirmed`. */
  readonly type: string;
  /** What it tells, as the catalogue of events says for its type. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** The trace of its order, as a W3C `traceparent`, where something is traced. */
  readonly traceparent?: string | null | undefined;
}
