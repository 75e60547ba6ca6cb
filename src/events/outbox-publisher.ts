import { randomUUID } from 'node:crypto';
import type { SagaConfig } from '../config.ts';
import type { Gateways } from '../gateways/index.ts';
import type { Logger } from '../logger.ts';
import type { Database } from '../repositories/database.ts';
import { claimPublishing, releasePublishing } from '../repositories/outbox.ts';
import { createAlarm } from './alarm.ts';
import { configuredSinks } from './configured-sinks.ts';
import { startMessageRunner } from './messages/message-runner.ts';
import type { OrderChanges } from './order-changes.ts';
import { activateSinks, LEASE_MS, publishOutbox, sequenceNext, type PublishDependencies } from './publish-outbox.ts';
import { startSinkWorker, type SinkWorker } from './sink-worker.ts';
import { sweepOutbox } from './sweep-outbox.ts';
import { addEndpointOfSettings, configureEndpoint, endpointOfSettings } from './webhooks/configure-endpoint.ts';
import { startDeliveryRunner } from './webhooks/delivery-runner.ts';

/** How a publisher looks by itself. */
export interface PublisherTiming {
  /** How long it publishes without a sign of life before another one does. */
  readonly leaseMs: number;
  /** Without a hint it looks after this long, since a hint can be lost; one that does not publish looks whether it should. */
  readonly idleMs: number;
}

const usualTiming: PublisherTiming = { leaseMs: LEASE_MS, idleMs: 1_000 };

/** The part of the time that looking at the outbox may take while a few events come at a time: busy moments share statements. */
const LOOKING_SHARE = 0.05;

/** The longest that an event waits for others: a receiver should have it within 100 ms, and announcing and delivering take the rest. */
const MOST_GATHER_MS = 60;

/** How often events past their retention are deleted. */
const SWEEP_INTERVAL_MS = 60_000;

/** What the publisher needs; `retentionMs` is how long an event is kept. */
export interface PublisherDependencies extends PublishDependencies {
  readonly changes: Pick<OrderChanges, 'watchEvents'>;
  readonly retentionMs: number;
  /** Tests shorten it, to see leases lost. */
  readonly timing?: PublisherTiming;
}

/** A publisher at work. */
interface Publisher {
  /** Finishes what is under way, stops, and lets another process publish. */
  readonly stop: () => Promise<void>;
}

/** What is published to, as the configuration says, and how. */
function toPublish(
  config: SagaConfig,
  db: Database['db'],
  logger: Logger,
  {
    addReceivers = () => addEndpointOfSettings(config, db),
    onDeliveries = () => {},
    onMessages = () => {},
  }: {
    readonly addReceivers?: () => Promise<void>;
    readonly onDeliveries?: () => void;
    readonly onMessages?: (() => void) | undefined;
  } = {},
): PublishDependencies {
  const { maxAttempts, onDeadLetter } = config.events;
  const { kafka, messages } = config;
  return {
    db,
    addReceivers,
    sinks: configuredSinks(db, onDeliveries, { kafka, logger, messages, onMessages }),
    rules: { maxAttempts, onDeadLetter },
    logger,
    hasCopies: config.redisUrl !== undefined,
  };
}

/** What publishing takes; without gateways messages to customers are put on record, and others send them. */
interface Publishing {
  readonly database: Pick<Database, 'db'>;
  readonly changes: Pick<OrderChanges, 'watchEvents'>;
  readonly gateways?: Pick<Gateways, 'customer' | 'notification'>;
  readonly logger: Logger;
}

/** Publishes to the sinks that the configuration names, delivers to webhook endpoints and sends messages to customers; see {@link startPublisher}. */
export function startPublishing(config: SagaConfig, { database, changes, gateways, logger }: Publishing): Publisher {
  const { db } = database;
  const { retentionMs, onDeadLetter: policy } = config.events;
  const runner = startDeliveryRunner({ db, settings: config.webhooks, policy, logger });
  const messages = gateways && startMessageRunner({ db, gateways, settings: config.messages, logger });
  const putEndpoint = endpointOfSettings(config, db);
  const parts = { addReceivers: putEndpoint, onDeliveries: runner.wake, onMessages: messages?.wake };
  const publisher = startPublisher({ ...toPublish(config, db, logger, parts), changes, retentionMs });
  const configured = configureEndpoint(putEndpoint, logger);
  return {
    stop: async () => {
      await configured.stop();
      await publisher.stop();
      await Promise.all([runner.stop(), messages?.stop()]);
    },
  };
}

/** Publishes once all that the outbox holds, to the sinks that the configuration names; returns how many events nobody had seen yet. */
export async function publishNow(config: SagaConfig, { db }: Pick<Database, 'db'>, logger: Logger): Promise<number> {
  return publishOutbox(toPublish(config, db, logger));
}

/**
 * Publishes what the outbox holds, to each sink at least once and each order's events in order, until it is stopped. Of any number of
 * publishers one publishes, and another one takes over when it dies. While the database is away it keeps trying.
 */
export function startPublisher(dependencies: PublisherDependencies): Publisher {
  const { db, changes, logger, retentionMs, timing = usualTiming } = dependencies;
  const { leaseMs, idleMs } = timing;
  const process = randomUUID();
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const workers = createWorkers(dependencies);
  const sweeper = createSweeper(() => sweepOutbox(db, retentionMs, logger));
  let renewAt = 0;
  let stopHearing: (() => void) | undefined;
  /** The others need not hear of every event. */
  const hearIf = (isLeader: boolean) => {
    if (isLeader) {
      stopHearing ??= changes.watchEvents(alarm.wake);
    } else {
      stopHearing?.();
      stopHearing = undefined;
    }
  };
  const lead = async (): Promise<boolean> => {
    if (performance.now() < renewAt) return true;
    const startedAt = performance.now();
    const isLeader = await claimPublishing(db, process, leaseMs);
    workers.run(isLeader ? await activateSinks(dependencies) : new Set());
    hearIf(isLeader);
    renewAt = isLeader ? startedAt + leaseMs / 3 : 0;
    return isLeader;
  };
  const look = async (): Promise<number> => {
    const startedAt = performance.now();
    if (!(await lead())) return idleMs;
    const { isFull } = await sequenceNext(dependencies, process, workers.wake);
    sweeper.sweepIfDue();
    return isFull ? 0 : Math.min(MOST_GATHER_MS, (performance.now() - startedAt) / LOOKING_SHARE);
  };
  const work = async () => {
    while (!stopping.signal.aborted) {
      const leastMs = await look().catch((error: unknown) => {
        logger.warn({ err: error }, 'outbox not published');
        return idleMs;
      });
      if (leastMs > 0) await alarm.sleep(leastMs, idleMs);
    }
  };
  const done = work();
  return {
    stop: async () => {
      stopping.abort();
      await done;
      hearIf(false);
      await Promise.all([workers.stop(), sweeper.end()]);
      await releasePublishing(db, process).catch(() => {});
    },
  };
}

/** Sweeps now and then, beside everything else. */
function createSweeper(sweep: () => Promise<void>) {
  let nextAt = 0;
  let sweeping = Promise.resolve();
  return {
    sweepIfDue: () => {
      if (performance.now() < nextAt) return;
      nextAt = performance.now() + SWEEP_INTERVAL_MS;
      sweeping = sweeping.then(sweep);
    },
    end: () => sweeping,
  };
}

/** A worker for each sink that is to be delivered to. */
function createWorkers({ sinks, timing = usualTiming, ...dependencies }: PublisherDependencies) {
  const parts = { ...dependencies, idleMs: timing.idleMs };
  const running = new Map<string, SinkWorker>();
  const ending = new Set<Promise<void>>();
  return {
    /** Starts the workers of these sinks that don't run, and ends those of others. */
    run: (names: ReadonlySet<string>) => {
      for (const [name, worker] of running) {
        if (names.has(name)) continue;
        running.delete(name);
        const ended: Promise<void> = worker.stop().finally(() => ending.delete(ended));
        ending.add(ended);
      }
      for (const source of sinks) {
        if (names.has(source.name) && !running.has(source.name))
          running.set(source.name, startSinkWorker(source, parts));
      }
    },
    wake: () => {
      for (const worker of running.values()) worker.wake();
    },
    stop: async () => {
      await Promise.all([...[...running.values()].map((worker) => worker.stop()), ...ending]);
    },
  };
}
