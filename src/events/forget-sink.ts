import { invalidRequest } from '../domain/refusal.ts';
import { MESSAGE_SINK } from '../repositories/order-messages.ts';
import { forgetUnusedSinks, hasSink, type ForgottenSink } from '../repositories/event-sinks.ts';
import type { Db } from '../repositories/schema.ts';
import { WEBHOOK_SINK } from '../repositories/webhook-deliveries.ts';

/** A sink that is configured is noted every two seconds, and six seconds after a publisher has died; this is for a busy machine as well. */
const SERVED_MS = 30_000;

/**
 * Forgets a sink that is configured no more, with its cursor and what it has not received: nothing is kept for it any longer. Rejects with a refusal
 * when a process serves it, or when none of this name is on record.
 */
export async function forgetSink(db: Db, name: string): Promise<ForgottenSink> {
  if (name === WEBHOOK_SINK) {
    // Only who makes the first endpoint puts it on record: without it none would get anything.
    throw refuse('the sink of webhook endpoints goes with the last of them: remove the endpoints');
  }
  const [forgotten] = await forgetUnusedSinks(db, SERVED_MS, name);
  if (forgotten) return forgotten;
  if (!(await hasSink(db, name))) {
    throw refuse('no sink of this name is on record: GET /api/v1/events/sinks lists those that are');
  }
  const first = howToLeave[name] ?? 'remove its settings';
  const wait = `${first}, restart every worker, and try again after ${SERVED_MS / 1_000} seconds`;
  throw refuse(`a process is configured with it, or was ${SERVED_MS / 1_000} seconds ago: ${wait}`);
}

/** What has to be done that no process is configured with a sink. */
const howToLeave: Readonly<Record<string, string>> = {
  kafka: 'remove KAFKA_BROKERS',
  [MESSAGE_SINK]: 'set MESSAGES=none',
};

function refuse(message: string) {
  return invalidRequest([{ pointer: '/sink', message }]);
}
