import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import { createAlarm } from './alarm.ts';
import { deliverDueEvents, deliverNextEvents, type RejectionRules } from './deliver-events.ts';
import type { OpenableSink, SinkSource } from './event-sink.ts';
import { openLazily } from './lazy-sink.ts';
import { postponeIfAway } from './postpone-if-away.ts';

/** Looks that find no rejected event due take at most the twentieth part of the time, however many wait. */
const DUE_SHARE = 20;

/** A process that stops waits no longer for a delivery: what is not known to be delivered is delivered again. */
const STOP_LIMIT_MS = 3_000;

/** What delivering to a sink takes. */
export interface SinkWorkerDependencies {
  readonly db: Db;
  readonly rules: RejectionRules;
  readonly logger: Logger;
  /** Without being woken a sink is looked at after this long: for what an operator has decided, and while it is away. */
  readonly idleMs: number;
}

/** Delivers to one sink until it is stopped. */
export interface SinkWorker {
  /** There are new events. */
  readonly wake: () => void;
  /** Ends after the delivery that is under way, if that takes no longer than a moment, and closes the sink. */
  readonly stop: () => Promise<void>;
}

/** Delivers to a sink what is after its cursor, whatever becomes of other sinks. While it is away it is tried again, less and less often. */
export function startSinkWorker(source: SinkSource, dependencies: SinkWorkerDependencies): SinkWorker {
  const { logger, idleMs } = dependencies;
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const delivery =
    'copy' in source ? { next: source.copy, close: () => Promise.resolve() } : deliverTo(source, dependencies);
  /** Whether there is probably more. */
  const deliver = async (): Promise<boolean> => {
    try {
      return await delivery.next();
    } catch (error) {
      logger.warn({ err: error, sink: source.name }, 'events not delivered: the database is away');
      return false;
    }
  };
  const work = async () => {
    while (!stopping.signal.aborted) if (!(await deliver())) await alarm.sleep(0, idleMs);
  };
  const done = work();
  return {
    wake: alarm.wake,
    stop: async () => {
      stopping.abort();
      await Promise.race([done, delay(STOP_LIMIT_MS, undefined, { ref: false })]);
      await delivery.close();
    },
  };
}

/** Delivers the next events, and rejected ones that are due; says whether there are probably more. */
function deliverTo(source: OpenableSink, { db, rules, logger, idleMs }: SinkWorkerDependencies) {
  const sink = openLazily(source);
  let dueAtMs = 0;
  const deliverDue = async () => {
    const startedAt = performance.now();
    if (startedAt < dueAtMs) return;
    const found = await deliverDueEvents(db, sink, rules);
    const endedAt = performance.now();
    // What a sink takes for its answer is no reason to let the next events wait.
    const lookMs = found ? 0 : endedAt - startedAt;
    dueAtMs = endedAt + Math.max(idleMs / 2, DUE_SHARE * lookMs);
  };
  return {
    next: () =>
      postponeIfAway(db, logger, async () => {
        await deliverDue();
        return deliverNextEvents(db, sink, rules);
      }),
    close: sink.close,
  };
}
