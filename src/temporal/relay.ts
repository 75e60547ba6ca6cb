import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import { CREATE_ORDER } from '../domain/messages.ts';
import { DecryptionError } from '../key-ring.ts';
import { findOpenWork, type OpenWork } from '../repositories/open-work.ts';
import { claimOrdersToStart, markWorkflowsStarted } from '../repositories/workflow-starts.ts';
import { aboutOrder, inSpan } from '../tracing/trace.ts';
import type { StartableOrder } from './order-commands.ts';
import { relayImports } from './relay-imports.ts';
import { relayPaymentReports } from './payment-report-client.ts';
import { relayRefunds, relayReturns } from './relay-untold.ts';
import { relayResolutions } from './resolution-client.ts';
import type { StartDependencies } from './start-dependencies.ts';
import type { StartLimiter } from './starting/start-limiter.ts';
import { orderStartOptions } from './start-options.ts';

/** Pause between two searches for orders to start, when there were none. */
const IDLE_INTERVAL_MS = 1_000;

/** The most orders claimed at a time: so many are read in some ten milliseconds. */
const LARGEST_BATCH = 1_000;

/** Time limit of a batch, which ends before its claims of three seconds do; orders that are left are claimed again. */
const BATCH_LIMIT_MS = 2_000;

/** What the relay works with. */
export interface RelayDependencies extends StartDependencies {
  readonly startLimiter: StartLimiter;
}

/** Starts what was accepted and not started, since Temporal was unavailable or overloaded or a process died, until `signal` aborts. */
export async function runRelay(dependencies: RelayDependencies, signal: AbortSignal): Promise<void> {
  const { db, logger } = dependencies;
  while (!signal.aborted) {
    const work = await findOpenWork(db).catch((error: unknown) => {
      logger.warn({ err: error }, 'relay could not look for what is to be started');
      return nothing;
    });
    const { started, hasMore } = work.orders ? await relayOrders(dependencies) : noOrders;
    for (const { kind, relay, failure } of others) {
      if (!work[kind]) continue;
      await relay(dependencies).catch((error: unknown) => {
        logger.warn({ err: error }, failure);
      });
    }
    if (started === 0 && !hasMore) await delay(IDLE_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

const nothing: OpenWork = {
  orders: false,
  returns: false,
  refunds: false,
  imports: false,
  resolutions: false,
  reports: false,
};

const noOrders = { started: 0, hasMore: false };

/** What is relayed beside orders, and what is logged when that fails. */
const others: readonly {
  readonly kind: keyof OpenWork;
  readonly relay: (dependencies: RelayDependencies) => Promise<void>;
  readonly failure: string;
}[] = [
  { kind: 'returns', relay: relayReturns, failure: 'relay could not send returns' },
  { kind: 'refunds', relay: relayRefunds, failure: 'relay could not send refunds' },
  { kind: 'imports', relay: relayImports, failure: 'relay could not start imports' },
  { kind: 'resolutions', relay: relayResolutions, failure: 'relay could not start resolutions' },
  { kind: 'reports', relay: relayPaymentReports, failure: 'relay could not start payment reports' },
];

async function relayOrders(dependencies: RelayDependencies): ReturnType<typeof relayBatch> {
  try {
    return await relayBatch(dependencies);
  } catch (error) {
    dependencies.logger.warn({ err: error }, 'relay could not start orders');
    return noOrders;
  }
}

/**
 * Starts one batch, each order as soon as a slot is free, and returns how many were started, and whether others may be started right now.
 * Those whose key is another one than they were encrypted with are left out: they take no slot, and later ones follow at once.
 */
export async function relayBatch({
  db,
  temporal,
  config,
  logger,
  startLimiter,
}: RelayDependencies): Promise<{ readonly started: number; readonly hasMore: boolean }> {
  const orders = await claimOrdersToStart(db, Math.min(LARGEST_BATCH, startLimiter.startsWithin(BATCH_LIMIT_MS)));
  const started: string[] = [];
  const { startable, leftOut } = prepareStarts(orders, config, startLimiter.taskTimeoutMs());
  let hasMore = leftOut.length > 0;
  const start = async ({ order, options }: (typeof startable)[number]) => {
    try {
      await inSpan({ name: 'relay', parent: order.traceparent, attributes: aboutOrder(order.id) }, () =>
        temporal.client.workflow.start(CREATE_ORDER, options),
      );
      started.push(order.id);
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        startLimiter.release(order.id);
        started.push(order.id);
      } else {
        startLimiter.fail(order.id);
        logger.warn({ err: error, order_id: order.id }, 'workflow not started');
      }
    }
  };
  const deadlineMs = Date.now() + BATCH_LIMIT_MS;
  await temporal.connection.withDeadline(deadlineMs, async () => {
    const starting: Promise<void>[] = [];
    for (const ready of startable) {
      if (!(await startLimiter.acquire(ready.order.id, { isAwaited: false, waitMs: deadlineMs - Date.now() }))) {
        hasMore = true;
        break;
      }
      starting.push(start(ready));
    }
    await Promise.all(starting);
  });
  await markWorkflowsStarted(db, started);
  if (started.length > 0) logger.info({ started: started.length }, 'relay started workflows');
  if (leftOut.length > 0)
    logger.warn({ orders: leftOut.length, err: leftOut[0] }, 'relay left out orders whose key is another');
  return { started: started.length, hasMore };
}

function prepareStarts<Order extends StartableOrder>(
  orders: readonly Order[],
  config: SagaConfig,
  taskTimeoutMs: number,
) {
  const startable: { readonly order: Order; readonly options: ReturnType<typeof orderStartOptions> }[] = [];
  const leftOut: DecryptionError[] = [];
  for (const order of orders) {
    try {
      startable.push({ order, options: orderStartOptions(order, config, taskTimeoutMs) });
    } catch (error) {
      if (!(error instanceof DecryptionError)) throw error;
      leftOut.push(error);
    }
  }
  return { startable, leftOut };
}
