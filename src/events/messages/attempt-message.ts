import { composeMessage, type OrderNow } from '../../domain/compose-message.ts';
import { orderUrlOf, type MessageSettings } from '../../domain/message-settings.ts';
import { maskEmail } from '../../domain/order-message.ts';
import type { OrderNotification } from '../../domain/order-notification.ts';
import type { OrderWithItems } from '../../domain/order.ts';
import { completeRecipient } from '../../gateways/complete-recipient.ts';
import { GatewayError } from '../../gateways/gateway-error.ts';
import type { Gateways } from '../../gateways/index.ts';
import type { ClaimedMessage, MessageAttempt } from '../../repositories/order-messages.ts';
import { findOrderWithItemsInBatch } from '../../repositories/order-repository.ts';
import { findReturn } from '../../repositories/returns.ts';
import type { Db } from '../../repositories/schema.ts';
import { findShipments } from '../../repositories/shipments.ts';

/** What an attempt at a message takes. */
export interface MessageDependencies {
  readonly db: Db;
  readonly gateways: Pick<Gateways, 'customer' | 'notification'>;
  readonly settings: MessageSettings;
}

/** Attempts come ever later, this late at most: a service that is back is noticed within minutes. */
const MOST_RETRY_MS = 5 * 60_000;

/** A notification service that was away for a moment is asked again soon. */
const FIRST_RETRY_MS = 2_000;

/** Makes one attempt at a claimed message: looks whether it is still true, finds out whom it is for, and sends it. Never rejects. */
export async function attemptMessage(
  claimed: ClaimedMessage,
  dependencies: MessageDependencies,
): Promise<MessageAttempt> {
  let notification: OrderNotification | undefined;
  try {
    const composed = await compose(claimed, dependencies);
    if (typeof composed === 'string') return { ...ended(claimed, 'SKIPPED'), lastError: composed };
    notification = composed;
    await dependencies.gateways.notification.send(notification);
    return { ...ended(claimed, 'SENT'), ...told(notification) };
  } catch (error) {
    return { ...failed(claimed, error, dependencies.settings.giveUpAfterMs), ...told(notification) };
  }
}

/** The message as it is to be sent now, or why it is not to be sent. */
async function compose(
  { key, orderId, type, about, isSuperseded }: ClaimedMessage,
  { db, gateways, settings }: MessageDependencies,
): Promise<OrderNotification | string> {
  if (!settings.types.includes(type)) return `MESSAGES says that ${type} is not sent`;
  const order = await findOrderWithItemsInBatch(db, orderId);
  if (!order) return 'there is no such order any more';
  const now = await readNow(db, order, about);
  const notification = composeMessage[type](now, new Date());
  if ('untrue' in notification) return notification.untrue;
  if (isSuperseded && type === 'PAYMENT_FAILED') return 'a newer message says the same';
  const recipient = await completeRecipient(gateways.customer, notification);
  if (recipient.email === undefined) {
    return 'there is no e-mail address: neither the order, nor its addresses, nor the customer service has one';
  }
  return { ...notification, idempotencyKey: key, recipient, orderUrl: orderUrlOf(settings, order) };
}

async function readNow(db: Db, order: OrderWithItems, about: ClaimedMessage['about']): Promise<OrderNow> {
  const { shipment_id: shipmentId, return_id: returnId } = about;
  const shipments = shipmentId === undefined ? [] : await findShipments(db, order.id);
  const shipment = shipments.find(({ id }) => id === shipmentId);
  const returned = returnId === undefined ? undefined : await findReturn(db, returnId);
  return { order, about, shipment: shipment && { ...shipment, isNewest: shipment === shipments.at(-1) }, returned };
}

function told(notification: OrderNotification | undefined): Pick<MessageAttempt, 'content' | 'recipient'> {
  const email = notification?.recipient.email;
  return { content: notification?.content ?? null, recipient: email === undefined ? null : maskEmail(email) };
}

function ended({ key, attempts }: ClaimedMessage, state: MessageAttempt['state']): MessageAttempt {
  return { key, attempts, state, lastError: null, content: null, recipient: null, retryMs: 0 };
}

/** What a service rejects for good fails at once; everything else is tried again until it has been tried for too long. */
function failed(claimed: ClaimedMessage, error: unknown, giveUpAfterMs: number): MessageAttempt {
  const isRejected = error instanceof GatewayError && (error.kind === 'rejected' || error.kind === 'refused');
  const isOver = isRejected || claimed.triedMs > giveUpAfterMs;
  const lastError = error instanceof Error ? error.message : String(error);
  return { ...ended(claimed, isOver ? 'FAILED' : 'PENDING'), lastError, retryMs: retryAfter(claimed.attempts, error) };
}

/** Twice as long after each attempt, and no sooner than the service asks for. */
function retryAfter(attempts: number, error: unknown): number {
  const usualMs =
    Math.min(MOST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 10)) * (0.8 + 0.4 * Math.random());
  const askedMs = error instanceof GatewayError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(usualMs, askedMs);
}
