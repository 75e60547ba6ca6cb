import type { NotificationContents, NotificationType } from './order-notification.ts';

/** How far a message has come. FAILED: it could not be sent. SKIPPED: it was not to be sent any more, or there was nobody to send it to. */
export const messageStates = ['PENDING', 'SENT', 'FAILED', 'SKIPPED'] as const;

export type MessageState = (typeof messageStates)[number];

/** What of its order a message is about, where it is not the order as a whole; the amount is a decimal string. */
export interface MessageSubject {
  readonly shipment_id?: string | undefined;
  readonly return_id?: string | undefined;
  /** The key of a refund, toward the payment service. */
  readonly refund_id?: string | undefined;
  readonly amount?: string | undefined;
  readonly reason?: string | null | undefined;
}

/** A message on record. */
export interface OrderMessage {
  readonly key: string;
  readonly orderId: string;
  readonly type: NotificationType;
  readonly about: MessageSubject;
  readonly state: MessageState;
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  readonly lastError: string | null;
  readonly content: NotificationContents[NotificationType] | null;
  /** Masked. */
  readonly recipient: string | null;
  readonly requestedBy: string | null;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

/** An e-mail address as staff may see it: enough to recognise it. */
export function maskEmail(email: string): string {
  const [name = '', host = ''] = email.split('@');
  return `${name.slice(0, 1)}***@${host}`;
}
