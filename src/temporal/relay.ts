import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Config } from '../config.ts';
import { CREATE_ORDER } from '../domain/messages.ts';
import type { Logger } from '../logger.ts';
import type { Db } from '../repositories/schema.ts';
import { claimOrdersToStart, markWorkflowsStarted } from '../repositories/workflow-starts.ts';
import type { Engine } from './connection.ts';
import { relayImports } from './relay-imports.ts';
import { relayReturns } from './relay-returns.ts';
import { orderStartOptions } from './start-options.ts';

/** How often to look for accepted orders that nobody started, when there were none. */
const IDLE_INTERVAL_MS = 1_000;

/** Orders claimed at a time: what one process starts well within the time of a batch. */
const BATCH = 64;

/** Bounds the starting of a batch, so that it ends before its claims of three seconds do. */
const BATCH_LIMIT_MS = 2_000;

/** Starts under way at once: enough to keep two cores of engine busy, few enough to leave it room for the orders in progress. */
const CONCURRENCY = 16;

/** What the relay works with. */
export interface RelayDependencies {
  readonly db: Db;
  readonly engine: Engine;
  readonly config: Config;
  readonly logger: Logger;
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
    if (started < BATCH) await delay(IDLE_INTERVAL_MS, undefined, { signal }).catch(() => {});
  }
}

/** Starts one batch and returns how many of it the engine took. */
export async function relayBatch({ db, engine, config, logger }: RelayDependencies): Promise<number> {
  const orders = await claimOrdersToStart(db, BATCH);
  const started: string[] = [];
  const waiting = orders.values();
  const startNext = async () => {
    for (const order of waiting) {
      try {
        await engine.client.workflow.start(CREATE_ORDER, orderStartOptions(order, config));
        started.push(order.id);
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) started.push(order.id);
        else logger.warn({ err: error, order_id: order.id }, 'workflow not started');
      }
    }
  };
  await engine.connection.withDeadline(Date.now() + BATCH_LIMIT_MS, () =>
    Promise.all(Array.from({ length: CONCURRENCY }, startNext)),
  );
  await markWorkflowsStarted(db, started);
  if (started.length > 0) logger.info({ started: started.length }, 'relay started workflows');
  return started.length;
}
