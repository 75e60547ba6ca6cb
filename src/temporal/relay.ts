import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import { CREATE_ORDER } from '../domain/messages.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import { claimOrdersToStart, markWorkflowsStarted } from '../repositories/workflow-starts.ts';
import type { Engine } from './connection.ts';
import { relayImports } from './relay-imports.ts';
import { relayReturns } from './relay-returns.ts';
import type { SagaPace } from './saga-pace.ts';
import { orderStartOptions } from './start-options.ts';

/** How often to look for accepted orders that nobody started, when there were none. */
const IDLE_INTERVAL_MS = 1_000;

/** Orders claimed at a time: what one process starts well within the time of a batch. */
const BATCH = 64;

/** Bounds the starting of a batch, so that it ends before its claims of three seconds do; what it did not come to is claimed again. */
const BATCH_LIMIT_MS = 2_000;

/** What the relay works with. */
export interface RelayDependencies {
  readonly db: Db;
  readonly engine: Engine;
  readonly config: SagaConfig;
  readonly logger: Logger;
  readonly pace: SagaPace;
}

/** Starts what was accepted and not started (Temporal away, a crash in between, more orders than the engine takes) until `signal` aborts. */
export async function runRelay(dependencies: RelayDependencies, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const started = await relayBatch(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not start orders');
      return 0;
    });
    await relayReturns(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not tell of returns');
    });
    await relayImports(dependencies).catch((error: unknown) => {
      dependencies.logger.warn({ err: error }, 'relay could not start imports');
    });
    if (started === 0) await delay(IDLE_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

/** Starts one batch, each order as soon as the engine has room for it, and returns how many of it the engine took. */
export async function relayBatch({ db, engine, config, logger, pace }: RelayDependencies): Promise<number> {
  const orders = await claimOrdersToStart(db, BATCH);
  const started: string[] = [];
  const start = async (order: (typeof orders)[number]) => {
    try {
      await engine.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config));
      started.push(order.id);
    } catch (error) {
      pace.end(order.id);
      if (error instanceof WorkflowExecutionAlreadyStartedError) started.push(order.id);
      else logger.warn({ err: error, order_id: order.id }, 'workflow not started');
    }
  };
  const deadlineMs = Date.now() + BATCH_LIMIT_MS;
  await engine.connection.withDeadline(deadlineMs, async () => {
    const starting: Promise<void>[] = [];
    for (const order of orders) {
      if (!(await pace.turn(order.id, deadlineMs))) break;
      starting.push(start(order));
    }
    await Promise.all(starting);
  });
  await markWorkflowsStarted(db, started);
  if (started.length > 0) logger.info({ started: started.length }, 'relay started workflows');
  return started.length;
}
