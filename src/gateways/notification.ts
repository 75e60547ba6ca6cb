/** A message to a customer about an order. */
export interface OrderNotification {
  readonly orderId: string;
  readonly customerId: string;
  readonly type: 'ORDER_CONFIRMED' | 'ORDER_CANCELLED' | 'PAYMENT_FAILED';
  readonly idempotencyKey: string;
}

/** What the saga needs of a notification service. Every failure is a `GatewayError`. */
export interface NotificationGateway {
  /** Sends once per idempotency key. */
  readonly send: (notification: OrderNotification) => Promise<void>;
}
