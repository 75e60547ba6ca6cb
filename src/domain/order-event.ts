/** Something that happened to an order, as its outbox row tells it. Ids grow, within an order in the order of what happened. */
export interface OrderEvent {
  /** The same at every delivery, so that a receiver can tell a repeat. */
  readonly id: number;
  readonly orderId: string;
  /** Such as `order.confirmed`. */
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
  /** Deliveries that were tried before and failed. */
  readonly attempts: number;
}

/** The type of an event that tells of anything but a change of status. */
export const ORDER_UPDATED = 'order.updated';
