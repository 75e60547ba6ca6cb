import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { orderStatuses } from '../domain/order-status.ts';
import { differenceKinds } from '../domain/payment-report.ts';
import { sagaActions } from '../domain/saga.ts';
import { stallCauses } from '../domain/waiting-order.ts';
import { endpointStates } from '../domain/webhook-endpoint.ts';
import type { Logger } from '../logger.ts';
import { claimSnapshot, ORDER_FIGURES, readSnapshot, writeSnapshot } from '../repositories/metric-snapshots.ts';
import { measureOrders } from '../repositories/order-figures.ts';
import type { Db } from '../repositories/schema.ts';
import type { GaugeWriter } from './create-registry.ts';
import { metricDefinitions, type MetricName, type MetricOf } from './definitions.ts';

/** All processes together measure this often at most. */
const MAX_AGE_MS = 5_000;

/** A process that has not measured within this time has died. */
const LEASE_MS = 3_000;

/** Figures that are older than this are no longer shown. */
const STALE_S = 120;

/** A scrape does not wait longer for the database: Prometheus gives up after ten seconds. */
const PATIENCE_MS = 2_000;

/** What a snapshot holds; one of another version of the product may hold something else. */
const figuresSchema = z.object({
  current: z.record(z.string(), z.number()),
  needsAttention: z.number(),
  retrying: z.record(z.string(), z.number()),
  stuck: z.record(z.string(), z.number()),
  stalled: z.record(z.string(), z.number()),
  waitingToStart: z.number(),
  oldestWaitingS: z.number(),
  sinks: z.record(z.string(), z.object({ unpublished: z.number(), oldestS: z.number(), deadLetters: z.number() })),
  inboxOpen: z.number(),
  inboxDead: z.number(),
  messagesPending: z.number(),
  messagesFailed: z.number(),
  endpoints: z.record(z.string(), z.number()),
  lastPassS: z.number().nullable(),
  paymentDifferences: z.record(z.string(), z.number()),
});

type Figures = z.output<typeof figuresSchema>;

/** The figures about all orders, which all processes on a database share. */
export interface SharedFigures {
  /** Shows the latest figures, after measuring them if they are old and nobody else is at it. Never rejects. */
  readonly refresh: () => Promise<void>;
}

/** The sinks that are configured, and how long an order may wait before it counts as stuck. */
export interface FigureOptions {
  readonly sinks: readonly string[];
  readonly stuckAfterMs: number;
}

/** Shows the shared figures in `gauges`. */
export function createSharedFigures(
  db: Db,
  { sinks, stuckAfterMs }: FigureOptions,
  gauges: GaugeWriter,
  logger: Logger,
): SharedFigures {
  let latest: { readonly figures: Figures; readonly takenMs: number } | undefined;
  const update = async () => {
    const { value, ageS } = await readFigures(db, stuckAfterMs);
    const parsed = figuresSchema.safeParse(value);
    if (parsed.success) latest = { figures: parsed.data, takenMs: performance.now() - ageS * 1_000 };
  };
  return {
    refresh: async () => {
      const updating = update().catch((error: unknown) => {
        logger.debug({ err: error }, 'figures of all orders not read');
      });
      await Promise.race([updating, delay(PATIENCE_MS, undefined, { ref: false })]);
      if (!latest) return;
      const ageS = (performance.now() - latest.takenMs) / 1_000;
      gauges.set('orders_figures_age_seconds', {}, ageS);
      for (const name of sharedGauges) gauges.clear(name);
      if (ageS < STALE_S) showFigures(gauges, latest.figures, sinks);
    },
  };
}

async function readFigures(db: Db, stuckAfterMs: number): Promise<{ readonly value: unknown; readonly ageS: number }> {
  const snapshot = await readSnapshot(db, ORDER_FIGURES);
  if (snapshot && snapshot.ageS * 1_000 < MAX_AGE_MS) return snapshot;
  const isMine = await claimSnapshot(db, ORDER_FIGURES, { maxAgeMs: MAX_AGE_MS, leaseMs: LEASE_MS });
  if (!isMine) return snapshot ?? { value: undefined, ageS: 0 };
  const value = await measureOrders(db, stuckAfterMs);
  await writeSnapshot(db, ORDER_FIGURES, value);
  return { value, ageS: 0 };
}

const sharedGauges = Object.entries(metricDefinitions).flatMap(([name, definition]) =>
  definition.type === 'gauge' && definition.scope === 'shared' ? [name as MetricName & MetricOf<'gauge'>] : [],
);

function showFigures({ set }: GaugeWriter, figures: Figures, sinks: readonly string[]): void {
  for (const status of orderStatuses) set('orders_current', { status }, figures.current[status] ?? 0);
  for (const step of sagaActions) set('orders_retrying', { step }, figures.retrying[step] ?? 0);
  for (const step of [...sagaActions, 'none'] as const) set('orders_stuck', { step }, figures.stuck[step] ?? 0);
  for (const cause of stallCauses) set('orders_stalled', { cause }, figures.stalled[cause] ?? 0);
  set('orders_needs_attention', {}, figures.needsAttention);
  set('orders_waiting_to_start', {}, figures.waitingToStart);
  set('orders_oldest_waiting_seconds', {}, figures.oldestWaitingS);
  for (const sink of sinks) {
    const { unpublished, oldestS, deadLetters } = figures.sinks[sink] ?? { unpublished: 0, oldestS: 0, deadLetters: 0 };
    set('outbox_unpublished', { sink }, unpublished);
    set('outbox_oldest_seconds', { sink }, oldestS);
    set('outbox_dead_letters', { sink }, deadLetters);
  }
  for (const kind of differenceKinds) set('payments_differences', { kind }, figures.paymentDifferences[kind] ?? 0);
  set('inbox_open', {}, figures.inboxOpen);
  set('inbox_dead_letters', {}, figures.inboxDead);
  set('messages_pending', {}, figures.messagesPending);
  set('messages_failed', {}, figures.messagesFailed);
  for (const state of endpointStates) set('webhook_endpoints', { state }, figures.endpoints[state] ?? 0);
  if (figures.lastPassS !== null) set('reconciler_last_pass_timestamp_seconds', {}, figures.lastPassS);
}
