import { batchCalls } from '../../batch-calls.ts';
import type { Logger } from '../../logger.ts';
import { countMetric } from '../../metrics/record-metrics.ts';
import {
  claimMessages,
  recordMessages,
  releaseMessages,
  type ClaimedMessage,
  type MessageAttempt,
} from '../../repositories/order-messages.ts';
import { createAlarm } from '../alarm.ts';
import { attemptMessage, type MessageDependencies } from './attempt-message.ts';

/** A process that has not recorded an attempt within this time has died: an attempt takes a few seconds at most. */
const LEASE_MS = 30_000;

/** Messages that are under way at one time: with more, a service that hangs would take up the process's sockets. */
const CONCURRENCY = 16;

/** The least time between two claims, so that messages of a busy moment share one. */
const GATHER_MS = 20;

/** It is woken when something is due; this is for a hint that got lost. */
const IDLE_MS = 60_000;

/** How long attempts that are under way may take when the process stops; then they are made again by another one. */
const STOP_PATIENCE_MS = 3_000;

/** What sending messages takes. */
interface RunnerDependencies extends MessageDependencies {
  readonly logger: Logger;
}

/** Sends messages to customers until it is stopped. */
export interface MessageRunner {
  /** Messages are due. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Sends the messages that are due, once by their key, with any number of processes at it; those of one order one after the other, and none of
 * them on the way of the order. While it is not woken it does nothing but one look a minute.
 */
export function startMessageRunner(dependencies: RunnerDependencies): MessageRunner {
  const { db, logger } = dependencies;
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const running = new Set<Promise<void>>();
  const send = createSending(dependencies, stopping.signal);
  const claim = async (): Promise<void> => {
    const free = CONCURRENCY - running.size;
    if (free <= 0) return;
    const claimed = await claimMessages(db, free, LEASE_MS);
    for (const ofOrder of Map.groupBy(claimed, ({ orderId }) => orderId).values()) {
      const done = send(ofOrder).finally(() => {
        running.delete(done);
        alarm.wake();
      });
      running.add(done);
    }
  };
  const work = async () => {
    while (!stopping.signal.aborted) {
      await claim().catch((error: unknown) => {
        logger.warn({ err: error }, 'messages to customers not claimed');
      });
      await alarm.sleep(GATHER_MS, IDLE_MS);
    }
  };
  const done = work();
  return {
    wake: alarm.wake,
    stop: async () => {
      stopping.abort();
      await done;
      await Promise.race([Promise.all(running), patience()]);
    },
  };
}

/** Sends the claimed messages of one order, in their order, and records what came of each. */
function createSending(dependencies: RunnerDependencies, stopping: AbortSignal) {
  const { db, logger } = dependencies;
  const record = batchCalls<MessageAttempt, void>({ maxConcurrent: 1, maxSize: 500 }, async (attempts) => {
    await recordMessages(db, attempts);
    return attempts.map(() => undefined);
  });
  return async (claimed: readonly ClaimedMessage[]): Promise<void> => {
    for (const [index, message] of claimed.entries()) {
      try {
        if (stopping.aborted) return await releaseMessages(db, claimed.slice(index));
        const made = await attemptMessage(message, dependencies);
        show(message, made, logger);
        await record(made);
      } catch (error) {
        const about = { err: error, order_id: message.orderId, message: message.key };
        logger.warn(about, 'message to a customer not recorded; it is made again');
      }
    }
  };
}

function show({ type, orderId, key }: ClaimedMessage, made: MessageAttempt, logger: Logger): void {
  const { state, lastError, attempts } = made;
  countMetric('messages_total', { type, outcome: state === 'PENDING' ? 'retried' : outcomes[state] });
  const about = { order_id: orderId, message: key, attempts, ...(lastError !== null && { reason: lastError }) };
  if (state === 'FAILED') logger.error(about, 'message to a customer failed for good');
  else
    logger.info(
      about,
      `message to a customer ${state === 'PENDING' ? 'failed; it is sent again later' : outcomes[state]}`,
    );
}

const outcomes = { SENT: 'sent', FAILED: 'failed', SKIPPED: 'skipped' } as const;

function patience(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, STOP_PATIENCE_MS).unref();
  });
}
