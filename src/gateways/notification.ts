import type { OrderNotification } from '../domain/order-notification.ts';

/** What is needed of whatever sends messages to customers. Every failure is a `GatewayError`. */
export interface NotificationGateway {
  /** Sends once per idempotency key. */
  readonly send: (notification: OrderNotification) => Promise<void>;
}
