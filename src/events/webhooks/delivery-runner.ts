import { batchCalls } from '../../batch-calls.ts';
import type { SagaConfig } from '../../config.ts';
import type { Logger } from '../../logger.ts';
import { countMetric, observeSeconds } from '../../metrics/record-metrics.ts';
import { pruneDeliveries } from '../../repositories/delivery-log.ts';
import { findEvents } from '../../repositories/outbox.ts';
import { recordDeliveries, type DeliveryAttempt } from '../../repositories/record-deliveries.ts';
import type { Db } from '../../repositories/schema.ts';
import { claimDeliveries, releaseDeliveries, type ClaimedDelivery } from '../../repositories/webhook-deliveries.ts';
import { createAlarm } from '../alarm.ts';
import { toCloudEvent } from '../cloud-event.ts';
import { attemptDelivery, failedAttempt } from './attempt-delivery.ts';
import { createWebhookSender } from './create-sender.ts';
import type { ResolveHost } from './resolve-host.ts';

/** A process that has not recorded an attempt within this time has died: an attempt takes ten seconds at most. */
const LEASE_MS = 30_000;

/** The least time between two claims, so that deliveries of a busy moment share one. */
const GATHER_MS = 15;

/** Without being woken the runner looks for due deliveries after this long. */
const IDLE_MS = 1_000;

/** How long attempts that are under way may take when the process stops; then they are left to others. */
const STOP_PATIENCE_MS = 3_000;

const PRUNE_INTERVAL_MS = 60_000;

/** Rows removed in one statement, so that it holds locks only briefly. */
const PRUNE_BATCH = 5_000;

/** What delivering to webhook endpoints takes. */
export interface RunnerDependencies {
  readonly db: Db;
  readonly settings: SagaConfig['webhooks'];
  readonly policy: SagaConfig['events']['onDeadLetter'];
  readonly logger: Logger;
  readonly resolve?: ResolveHost;
  /** Tests shorten it. */
  readonly stopPatienceMs?: number;
}

/** Delivers to webhook endpoints until it is stopped. */
export interface DeliveryRunner {
  /** There are new deliveries. */
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
}

/**
 * Delivers what is due to webhook endpoints, each order's events in order, with any number of processes at it. What one endpoint takes in time
 * delays no other: each has a limit of its own on what is under way.
 */
export function startDeliveryRunner(dependencies: RunnerDependencies): DeliveryRunner {
  const { db, settings, policy, logger } = dependencies;
  const stopping = new AbortController();
  const alarm = createAlarm(stopping.signal);
  const deliverer = createDeliverer(dependencies);
  const busy = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const claim = async (): Promise<void> => {
    const total = settings.concurrency - running.size;
    if (total <= 0) return;
    const counts = [...busy].map(([id, count]) => ({ id, count }));
    const limits = { total, perEndpoint: settings.endpointConcurrency, busy: counts, policy, leaseMs: LEASE_MS };
    const claimed = await claimDeliveries(db, limits);
    if (claimed.length === 0) return;
    const events = await findEvents(db, [...new Set(claimed.map(({ eventId }) => eventId))]);
    const messages = new Map(events.map((event) => [event.id, { event, body: JSON.stringify(toCloudEvent(event)) }]));
    for (const delivery of claimed) start(delivery, messages.get(delivery.eventId));
  };
  const start = (delivery: ClaimedDelivery, message: Message | undefined) => {
    const { endpointId } = delivery;
    busy.set(endpointId, (busy.get(endpointId) ?? 0) + 1);
    const done = deliverer.deliver(delivery, message).finally(() => {
      running.delete(done);
      const left = (busy.get(endpointId) ?? 1) - 1;
      if (left > 0) busy.set(endpointId, left);
      else busy.delete(endpointId);
      alarm.wake();
    });
    running.add(done);
  };
  const work = async () => {
    const prune = pruneNowAndThen(dependencies);
    while (!stopping.signal.aborted) {
      await claim().catch((error: unknown) => {
        logger.warn({ err: error }, 'webhook deliveries not claimed');
      });
      await prune();
      await alarm.sleep(GATHER_MS, IDLE_MS);
    }
  };
  const done = work();
  return {
    wake: alarm.wake,
    stop: async () => {
      stopping.abort();
      await done;
      await deliverer.finish(running);
    },
  };
}

type Message = Parameters<typeof attemptDelivery>[2];

/** Makes claimed deliveries and records what came of them. */
function createDeliverer(dependencies: RunnerDependencies) {
  const { db, settings, logger, resolve, stopPatienceMs = STOP_PATIENCE_MS } = dependencies;
  const patience = new AbortController();
  const options = resolve && { resolve };
  const sender = createWebhookSender({ allowPrivate: settings.allowPrivate, ...options });
  // Who sets EVENTS_URL runs the process: it names no address that is to be kept from them.
  const trustedSender = createWebhookSender({ allowPrivate: true, ...options });
  const record = batchCalls<DeliveryAttempt, void>({ maxConcurrent: 1, maxSize: 500 }, async (attempts) => {
    const disabled = await recordDeliveries(db, attempts, settings);
    for (const { id, url, reason, lastError } of disabled) {
      logger.error({ endpoint_id: id, url, reason, last_error: lastError }, 'webhook endpoint disabled');
    }
    return attempts.map(() => undefined);
  });
  const release = batchCalls<ClaimedDelivery, void>({ maxConcurrent: 1, maxSize: 500 }, async (claimed) => {
    await releaseDeliveries(db, claimed);
    return claimed.map(() => undefined);
  });
  const attempt = async (claimed: ClaimedDelivery, message: Message | undefined) => {
    if (!message) return failedAttempt(claimed, 'the event is no longer kept');
    try {
      return await attemptDelivery(claimed.isConfigured ? trustedSender : sender, claimed, message, patience.signal);
    } catch (error) {
      if (patience.signal.aborted) return undefined;
      return failedAttempt(claimed, error instanceof Error ? error.message : String(error));
    }
  };
  return {
    deliver: async (claimed: ClaimedDelivery, message: Message | undefined): Promise<void> => {
      const made = await attempt(claimed, message);
      if (made) showAttempt(claimed, message?.event.subjectId, made, logger);
      await (made ? record(made) : release(claimed)).catch((error: unknown) => {
        logger.warn({ err: error, endpoint_id: claimed.endpointId }, 'webhook delivery not recorded; it is made again');
      });
    },
    finish: async (running: ReadonlySet<Promise<void>>) => {
      const timer = setTimeout(() => {
        patience.abort();
      }, stopPatienceMs);
      await Promise.all(running);
      clearTimeout(timer);
      await Promise.all([sender.close(), trustedSender.close()]);
    },
  };
}

function showAttempt(
  { endpointId, eventId }: ClaimedDelivery,
  orderId: string | undefined,
  made: DeliveryAttempt,
  logger: Logger,
): void {
  const outcome = made.error === null ? 'delivered' : 'failed';
  countMetric('webhook_deliveries_total', { outcome });
  observeSeconds('webhook_delivery_seconds', { outcome }, made.durationMs / 1_000);
  const fields = { order_id: orderId, endpoint_id: endpointId, event_id: eventId, attempts: made.attempts };
  if (made.error === null) logger.debug(fields, 'webhook delivered');
  else logger.info({ ...fields, reason: made.error }, 'webhook delivery failed; it is made again later');
}

function pruneNowAndThen({ db, settings, logger }: RunnerDependencies): () => Promise<void> {
  let prunedAt = 0;
  return async () => {
    if (Date.now() - prunedAt < PRUNE_INTERVAL_MS) return;
    prunedAt = Date.now();
    try {
      let removed = PRUNE_BATCH;
      while (removed === PRUNE_BATCH) removed = await pruneDeliveries(db, settings.deliveryRetentionMs, PRUNE_BATCH);
    } catch (error) {
      logger.warn({ err: error }, 'old webhook deliveries not removed');
    }
  };
}
