import type { DeadLetterPolicy } from '../domain/event-delivery.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import { countMetric } from '../metrics/record-metrics.ts';
import {
  findDueEvents,
  recordAttempts,
  type DeliveryOutcome,
  type NewDelivery,
} from '../repositories/event-deliveries.ts';
import { advanceSink, findNextEvents, type NextEvent } from '../repositories/event-sinks.ts';
import type { Db } from '../repositories/schema.ts';
import type { DeliveryReport, EventSink } from './event-sink.ts';

/** Events read at a time: many enough that a full outbox drains quickly, few enough to be delivered in a moment. */
const BATCH = 500;

/** What becomes of events that a sink rejects. */
export interface RejectionRules {
  /** Attempts after which an event is a dead letter. */
  readonly maxAttempts: number;
  readonly onDeadLetter: DeadLetterPolicy;
}

/**
 * Delivers the events after the sink's cursor and moves the cursor behind them, in this sequence: a process that dies in between delivers them
 * again, under the same ids. What the sink rejects, and later events of the same orders, wait in `event_deliveries` and hold up no other order.
 * Returns whether there is probably more. Rejects when the sink or the database is away.
 */
export async function deliverNextEvents(db: Db, sink: EventSink, rules: RejectionRules): Promise<boolean> {
  const events = await findNextEvents(db, sink.name, rules.onDeadLetter, BATCH);
  const last = events.at(-1);
  if (!last) return false;
  const free = events.filter(({ isHeld }) => !isHeld);
  const report = await deliver(sink, free);
  const exceptions = exceptionsOf(events, report, rules);
  const step = { sink: sink.name, from: last.cursor, to: last.position };
  if (await advanceSink(db, step, exceptions)) countDelivered(sink, events.length - exceptions.length, report);
  return events.length === BATCH;
}

/**
 * Delivers rejected events again that are due, and those that wait behind them; returns whether there were any. Rejects when the sink or the
 * database is away.
 */
export async function deliverDueEvents(db: Db, sink: EventSink, rules: RejectionRules): Promise<boolean> {
  const events = await findDueEvents(db, sink.name, rules.onDeadLetter, BATCH);
  if (events.length === 0) return false;
  const report = await deliver(sink, events);
  const reasons = reasonsOf(report);
  const rejectedOrders = new Set<string>();
  const outcomes: DeliveryOutcome[] = [];
  for (const { id, subjectId, attempts } of events) {
    if (rejectedOrders.has(subjectId)) continue;
    const reason = reasons.get(id);
    if (reason !== undefined) rejectedOrders.add(subjectId);
    const after = reason === undefined ? delivered : rejectedAgain(attempts + 1, reason, rules);
    outcomes.push({ eventId: id, ...after });
  }
  await recordAttempts(db, sink.name, outcomes);
  countDelivered(sink, outcomes.length - rejectedOrders.size, report);
  return true;
}

async function deliver(sink: EventSink, events: readonly OrderEvent[]): Promise<DeliveryReport> {
  return events.length === 0 ? { rejected: [] } : sink.deliver(events);
}

function countDelivered({ name }: EventSink, count: number, { rejected }: DeliveryReport): void {
  countMetric('events_published_total', { sink: name }, count);
  countMetric('events_failed_total', { sink: name }, rejected.length);
}

function reasonsOf({ rejected }: DeliveryReport): ReadonlyMap<number, string> {
  return new Map(rejected.map(({ id, reason }) => [id, reason]));
}

const delivered = { state: 'DELIVERED', retryMs: 0, lastError: null } as const;

function rejectedAgain(attempts: number, lastError: string, { maxAttempts }: RejectionRules) {
  const state = attempts >= maxAttempts ? ('DEAD' as const) : ('PENDING' as const);
  return { state, retryMs: retryDelayMs(attempts), lastError };
}

/** Twice as long after each attempt, from half a second to a minute. */
function retryDelayMs(attempts: number): number {
  return Math.min(60_000, 250 * 2 ** attempts);
}

/** The events that the sink does not have, though its cursor moves behind them: each order's from the first that was rejected. */
function exceptionsOf(events: readonly NextEvent[], report: DeliveryReport, rules: RejectionRules): NewDelivery[] {
  const reasons = reasonsOf(report);
  const held = new Set<string>();
  const exceptions: NewDelivery[] = [];
  for (const { id: eventId, subjectId, position, type, isHeld } of events) {
    const event = { eventId, subjectId, position, type };
    const reason = reasons.get(eventId);
    if (isHeld || held.has(subjectId)) {
      exceptions.push({ ...event, state: 'PENDING', attempts: 0, retryMs: 0, lastError: null });
    } else if (reason !== undefined) {
      held.add(subjectId);
      exceptions.push({ ...event, attempts: 1, ...rejectedAgain(1, reason, rules) });
    }
  }
  return exceptions;
}
