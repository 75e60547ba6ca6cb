import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CREATE_ORDER } from '../domain/messages.ts';
import { claimOrdersToStart, markWorkflowsStarted } from '../repositories/workflow-starts.ts';
import { relayImports } from './relay-imports.ts';
import { relayReturns } from './relay-returns.ts';
import { relayResolutions } from './resolution-client.ts';
import type { StartDependencies } from './start-dependencies.ts';
import type { StartLimiter } from './start-limiter.ts';
import { orderStartOptions } from './start-options.ts';

/** Pause between two searches for orders to start, when there were none. */
const IDLE_INTERVAL_MS = 1_000;

/** Orders claimed at a time: one process starts them well within the time of a batch. */
const BATCH = 64;

/** Time limit of a batch, which ends before its claims of three seconds do; orders that are left are claimed again. */
const BATCH_LIMIT_MS = 2_000;

/** What the relay works with. */
export interface RelayDependencies extends StartDependencies {
  readonly startLimiter: StartLimiter;
}

/** Starts what was accepted and not started, since Temporal was unavailable or overloaded or a process died, until `signal` aborts. */
export async function runRelay(dependencies: RelayDependencies, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const started = await relayBatch(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not start orders');
      return 0;
    });
    await relayReturns(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not send returns');
    });
    await relayImports(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not start imports');
    });
    await relayResolutions(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not start resolutions');
    });
    if (started === 0) await delay(IDLE_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

/** Starts one batch, each order as soon as a slot is free, and returns how many were started. */
export async function relayBatch({ db, temporal, config, logger, startLimiter }: RelayDependencies): Promise<number> {
  const orders = await claimOrdersToStart(db, BATCH);
  const started: string[] = [];
  const start = async (order: (typeof orders)[number]) => {
    try {
      await temporal.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config));
      started.push(order.id);
    } catch (error) {
      startLimiter.release(order.id);
      if (error instanceof WorkflowExecutionAlreadyStartedError) started.push(order.id);
      else logger.warn({ err: error, order_id: order.id }, 'workflow not started');
    }
  };
  const deadlineMs = Date.now() + BATCH_LIMIT_MS;
  await temporal.connection.withDeadline(deadlineMs, async () => {
    const starting: Promise<void>[] = [];
    for (const order of orders) {
      if (!(await startLimiter.acquire(order.id, deadlineMs))) break;
      starting.push(start(order));
    }
    await Promise.all(starting);
  });
  await markWorkflowsStarted(db, started);
  if (started.length > 0) logger.info({ started: started.length }, 'relay started workflows');
  return started.length;
}
