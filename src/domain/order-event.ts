import { orderStatuses, type OrderStatus } from './order-status.ts';

/** The type of an event that tells of anything but a change of status. */
export const ORDER_UPDATED = 'order.updated';

/** What an order's events are called: by the status that it has now, or by what else has happened. */
export const orderEventTypes = [
  'order.accepted',
  ...orderStatuses.map((status) => `order.${status.toLowerCase()}` as `order.${Lowercase<OrderStatus>}`),
  'order.edited',
  'order.amended',
  'order.out_of_stock',
  'order.partly_shipped',
  'order.shipment_corrected',
  'order.return_opened',
  'order.return_refunded',
  'order.return_unrefunded',
  'order.return_rejected',
  ORDER_UPDATED,
] as const;

export type OrderEventType = (typeof orderEventTypes)[number];

/** Something that happened to an order, as its outbox row tells it. Ids grow, within an order in the order of what happened. */
export interface OrderEvent {
  /** The same at every delivery, so that a receiver can tell a repeat. */
  readonly id: number;
  readonly orderId: string;
  /** Such as `order.confirmed`. */
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** The trace of its order, as a W3C `traceparent`, where something is traced. */
  readonly traceparent?: string | null | undefined;
  /** Deliveries that were tried before and failed. */
  readonly attempts: number;
}
