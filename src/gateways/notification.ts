import type { OrderNotification, Recipient } from '../domain/order-notification.ts';

/** What is needed of whatever sends messages to customers. Every failure is a `GatewayError`. */
export interface NotificationGateway {
  /** Sends once per idempotency key; returns whom it was addressed to, without an e-mail address where the service has to find it. */
  readonly send: (notification: OrderNotification) => Promise<Recipient>;
}

/** A gateway with connections of its own, closed once nothing is sent any more. */
export interface ClosableNotificationGateway extends NotificationGateway {
  readonly close: () => Promise<void>;
}
