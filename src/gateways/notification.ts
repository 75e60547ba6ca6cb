import type { OrderNotification } from '../domain/order-notification.ts';

/** What is needed of whatever sends messages to customers. Every failure is a `GatewayError`. */
export interface NotificationGateway {
  /** Sends once per idempotency key. */
  readonly send: (notification: OrderNotification) => Promise<void>;
}

/** A gateway with connections of its own, closed once nothing is sent any more. */
export interface ClosableNotificationGateway extends NotificationGateway {
  readonly close: () => Promise<void>;
}
