import type { OrderEvent } from '../../domain/order-event.ts';
import type { DeliveryAttempt } from '../../repositories/record-deliveries.ts';
import { secretsOf, type ClaimedDelivery } from '../../repositories/webhook-deliveries.ts';
import { aboutOrder, inSpan } from '../../tracing/trace.ts';
import type { Attempt, WebhookSender } from './create-sender.ts';

/** The longest that a receiver is left alone because it asks for it. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/** A delivery is tried again after a second at first, twice as long each time, this long at most. */
const MAX_BACKOFF_MS = 600_000;

/** Answers that are about the receiver and not about the event: later events would get them as well. */
const receiverStatuses: readonly number[] = [401, 403, 404, 405, 407, 408, 410, 421, 425, 429];

/** Makes one attempt at a claimed delivery. Rejects only when `stopping` is aborted. */
export async function attemptDelivery(
  sender: WebhookSender,
  claimed: ClaimedDelivery,
  { event, body }: { readonly event: OrderEvent; readonly body: string },
  stopping: AbortSignal,
): Promise<DeliveryAttempt> {
  const { endpointId, eventId, attempts, claimedAt } = claimed;
  const answer = await inSpan(
    {
      name: `publish ${event.type}`,
      kind: 'producer',
      parent: event.traceparent,
      attributes: { 'messaging.message.id': eventId, ...aboutOrder(event.subjectId) },
    },
    () => send(sender, claimed, body, stopping),
  );
  const pauseMs = Math.min(answer.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
  return {
    endpointId,
    eventId,
    attempts,
    claimedAt,
    status: answer.status,
    durationMs: answer.durationMs,
    error: answer.error,
    pauseMs,
    retryMs: answer.error === null ? 0 : Math.max(pauseMs, backoffMs(attempts)),
    isRefusal: answer.status !== null && isRefusal(answer.status),
    isGone: answer.status === 410,
  };
}

/** An attempt that could not be made, such as without the key of the endpoint's secret. */
export function failedAttempt(claimed: ClaimedDelivery, error: string): DeliveryAttempt {
  const { endpointId, eventId, attempts, claimedAt } = claimed;
  const retryMs = backoffMs(attempts);
  const nothing = { status: null, durationMs: 0, pauseMs: 0, isRefusal: false, isGone: false };
  return { endpointId, eventId, attempts, claimedAt, error, retryMs, ...nothing };
}

function send(sender: WebhookSender, claimed: ClaimedDelivery, body: string, stopping: AbortSignal): Promise<Attempt> {
  const message = { url: claimed.url, id: String(claimed.eventId), body, ...secretsOf(claimed) };
  return sender.send(message, stopping);
}

/** Spread by a fifth, so that deliveries that failed together are not tried together. */
function backoffMs(attempts: number): number {
  const backoff = Math.min(MAX_BACKOFF_MS, 1_000 * 2 ** Math.min(attempts - 1, 20));
  return Math.round(backoff * (0.8 + 0.4 * Math.random()));
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && !receiverStatuses.includes(status);
}
