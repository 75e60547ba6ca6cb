import { createHash } from 'node:crypto';
import type { EventOutcome, InboundEvent } from '../../domain/inbound-event.ts';
import type { WebhookEffect } from '../../domain/payment-webhook.ts';
import { GatewayError } from '../../gateways/gateway-error.ts';
import type { OrderDependencies } from '../../orders/dependencies.ts';
import { recordDelivery } from '../../orders/record-delivery.ts';
import { recordDispute } from '../../orders/record-dispute.ts';
import { recordFailedRefund } from '../../orders/record-failed-refund.ts';
import { recordOutsideRefund } from '../../orders/record-outside-refund.ts';
import { settleAuthorization } from '../../orders/settle-authorization.ts';
import { settleChargeEvent } from '../../orders/settle-charge-event.ts';
import { settleReservation } from '../../orders/settle-reservation.ts';
import { endInboxEvent, postponeInboxEvent, type InboxRow } from '../../repositories/inbox.ts';
import { isInboundType } from '../catalogue/inbound-events.ts';
import { readInboundEvent } from '../catalogue/read-inbound-event.ts';

/** What applying events takes. */
export type EventConsumer = Pick<
  OrderDependencies,
  'db' | 'gateways' | 'commands' | 'announcer' | 'logger' | 'waitMs'
> & {
  /** How long an event is tried, or waits for its order, before it is a dead letter. */
  readonly patienceMs: number;
};

/** What an attempt came to: with an error it is tried again. */
export type Applied = EventOutcome & {
  readonly effect?: WebhookEffect | 'REPEATED';
  readonly error?: unknown;
};

/**
 * Applies an event of the inbox to its order, once however often it is tried: what it writes here is committed together with its end, or is
 * known by its own key; what it sends has an id made of the event's. One that can't be applied now is tried again later; after
 * `patienceMs` it is a dead letter. Rejects only when the database is away.
 */
export async function applyEvent(consumer: EventConsumer, row: InboxRow): Promise<Applied> {
  const { db, logger } = consumer;
  const outcome = await attempt(consumer, row);
  const ended = endOf(consumer, row, outcome);
  if (ended === undefined) {
    const state = outcome.error === undefined ? 'WAITING' : 'RECEIVED';
    await postponeInboxEvent(db, row, { state, reason: outcome.reason ?? '', delayMs: delayOf(row, outcome.error) });
    return outcome;
  }
  await endInboxEvent(db, row, ended);
  const told = { source: row.source, event_id: row.id, type: row.type, order_id: row.subject_id, reason: ended.reason };
  if (ended.state === 'DEAD') logger.warn(told, 'event is a dead letter');
  else logger.info({ ...told, state: ended.state }, 'event applied');
  return ended;
}

async function attempt(consumer: EventConsumer, row: InboxRow): Promise<Applied> {
  const read = isInboundType(row.type) ? readInboundEvent(row.type, row.payload) : undefined;
  if (!read || 'faults' in read) return { state: 'DEAD', reason: row.last_error ?? 'it can not be read' };
  try {
    return await dispatch(consumer, row, read.event);
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    const isForGood = error instanceof GatewayError && (error.kind === 'refused' || error.kind === 'rejected');
    if (isForGood) return { state: 'DEAD', reason, error };
    consumer.logger.warn({ err: error, source: row.source, event_id: row.id }, 'event not applied yet');
    return { state: 'WAITING', reason, error };
  }
}

async function dispatch(consumer: EventConsumer, row: InboxRow, event: InboundEvent): Promise<Applied> {
  switch (event.kind) {
    case 'charge':
      return settleChargeEvent(consumer, event.charge, messageId(row));
    case 'authorization':
      return settleAuthorization(consumer, event.authorized, commandId(row));
    case 'refund':
      return recordOutsideRefund(consumer, event.refund, (transaction, outcome) =>
        endInboxEvent(transaction, row, outcome),
      );
    case 'failed refund':
      return recordFailedRefund(consumer, event.refund, (transaction, outcome) =>
        endInboxEvent(transaction, row, outcome),
      );
    case 'dispute':
      return recordDispute(consumer, event.dispute);
    case 'reservation':
      return settleReservation(consumer, event.reservation, commandId(row));
    case 'delivery':
      return recordDelivery(consumer, event.delivery, commandId(row));
    default:
      return event satisfies never;
  }
}

/** Names what the payment service said of a charge; a webhook has always been known by its id alone. */
function messageId({ source, id }: InboxRow): string {
  return source === 'webhook:payments' ? id : `${source}/${id}`;
}

/** The id of the command that an event leads to: the workflow takes it once. */
function commandId({ source, id }: InboxRow): string {
  return `event:${createHash('sha256')
    .update(JSON.stringify([source, id]))
    .digest('hex')
    .slice(0, 32)}`;
}

/** How the event ends by this outcome; `undefined` when it is tried again. */
function endOf({ patienceMs }: EventConsumer, row: InboxRow, outcome: Applied): Applied | undefined {
  if (outcome.state !== 'WAITING') return outcome;
  const isExpired = Date.now() - row.tried_since.getTime() > patienceMs;
  if (!isExpired || outcome.isPatient === true) return undefined;
  return { ...outcome, state: 'DEAD', reason: `not applied in time: ${outcome.reason ?? ''}` };
}

/** As long as the service that was asked wants to be left alone, if it said so. */
function delayOf({ attempts }: InboxRow, error: unknown): number {
  const askedMs = error instanceof GatewayError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(delayAfter(attempts), askedMs);
}

/** A second after the first attempt, doubling up to a minute: a change of its order wakes an event that waits for it. */
function delayAfter(attempts: number): number {
  return Math.min(500 * 2 ** Math.min(attempts, 10), 60_000);
}
