import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isFinal } from '../../src/domain/order-status.ts';
import { readEach, readEvents, readStates, readWorkflow, type OrderState } from './read-everything.ts';
import { isAtRest } from './rest.ts';
import type { ChaosSystem } from './system.ts';

/** How the system settled. */
export interface Settled {
  /** When all clients had their answers, and every order and its workflow was at rest; undefined when they were not. */
  readonly restedAtMs: number | undefined;
  /** When every event was delivered too, which a receiver that fails takes its time for; undefined when not. */
  readonly doneAtMs: number | undefined;
  /** The last reasons for waiting. */
  readonly waitedFor: readonly string[];
  /** Parked steps that an operator retried. */
  readonly retriedSteps: number;
}

const POLL_MS = 250;
/** Nothing changes for this long where nothing will: several times as long as restarts, retries with their pauses and the reconciler's interval. */
const IDLE_LIMIT_MS = 90_000;
/** What changes for ever never settles; a slow machine is still at work on its orders after many times as long as a fast one. */
const LIMIT_MS = 15 * 60_000;

/**
 * Waits until all clients have their answers, every order and its workflow is at rest and its events are delivered, then until no
 * payment is open, for as long as what is waited for changes. Parked steps are retried meanwhile, as an operator would.
 */
export async function settle(system: ChaosSystem, living: Promise<unknown>): Promise<Settled> {
  const deadline = Date.now() + LIMIT_MS;
  let changedAtMs = Date.now();
  let lastRestless = '';
  const closed = new Set<string>();
  let isLiving = true;
  void living.finally(() => (isLiving = false));
  let restedAtMs: number | undefined;
  let doneAtMs: number | undefined;
  let waitedFor: string[] = [];
  let retriedSteps = 0;
  while (Date.now() < Math.min(deadline, changedAtMs + IDLE_LIMIT_MS)) {
    const wasLiving = isLiving;
    const orders = await readStates(system).catch((): OrderState[] => []);
    const restless =
      orders.length === 0
        ? ['PostgreSQL is not back']
        : await findRestless(system, orders, closed).catch(() => ['Temporal or PostgreSQL is unavailable']);
    if (wasLiving) restless.push('clients wait for their answers');
    if (restless.length === 0) {
      restedAtMs ??= Date.now();
      restless.push(...(await findUndelivered(system).catch(() => ['PostgreSQL is unavailable'])));
    }
    const nowRestless = restless.join('\n');
    if (nowRestless !== lastRestless) changedAtMs = Date.now();
    lastRestless = nowRestless;
    if (restless.length === 0) {
      doneAtMs ??= Date.now();
      // An order with an open payment is at rest, but only until its window ends, perhaps while everything is being read.
      if (orders.every(({ status }) => status !== 'PAYMENT_FAILED')) break;
    } else if (doneAtMs === undefined) {
      waitedFor = restless;
    }
    for (const { id } of orders.filter(({ saga_state }) => saga_state === 'NEEDS_ATTENTION')) {
      retriedSteps += await retryParkedSteps(system, id);
    }
    await sleep(POLL_MS);
  }
  await living;
  return { restedAtMs, doneAtMs, waitedFor, retriedSteps };
}

/** Returns what is still going on; `closed` collects orders that can't change any more. */
async function findRestless(
  system: ChaosSystem,
  orders: readonly OrderState[],
  closed: Set<string>,
): Promise<string[]> {
  const restless = orders
    .filter((order) => !isAtRest(order))
    .map(({ id, status, saga_state }) => `${id} is ${status} ${saga_state}`);
  // Temporal is asked about each order only when all of them look done.
  if (restless.length > 0) return restless;
  return findRestlessWorkflows(system, orders, closed);
}

async function findUndelivered(system: ChaosSystem): Promise<string[]> {
  const events = (await readEvents(system)).filter(({ isPublished }) => !isPublished);
  return events.map(({ orderId }) => `${orderId} has an undelivered event`);
}

/** Finds workflows that are running a step, or were terminated and wait for the reconciler. */
async function findRestlessWorkflows(
  system: ChaosSystem,
  orders: readonly OrderState[],
  closed: Set<string>,
): Promise<string[]> {
  const final = new Set(orders.filter(({ status }) => isFinal(status)).map(({ id }) => id));
  const open = orders.map(({ id }) => id).filter((id) => !closed.has(id));
  const workflows = [...(await readEach(open, (id) => readWorkflow(system, id)))];
  for (const [id, { state }] of workflows) if (final.has(id) && state !== 'RUNNING') closed.add(id);
  const restless = workflows.filter(([id, { state, busy }]) => {
    if (state === 'RUNNING') return busy || final.has(id);
    return !final.has(id) && state !== 'COMPLETED' && state !== 'CANCELLED';
  });
  return restless.map(([id, { state }]) => `${id} has a workflow that is ${state}`);
}

const ledger = z.object({ data: z.array(z.object({ step: z.string(), state: z.string() })) });

async function retryParkedSteps({ api }: ChaosSystem, id: string): Promise<number> {
  const { data } = ledger.parse((await api({ path: `/api/v1/orders/${id}/saga` })).body);
  let retried = 0;
  for (const { step } of data.filter(({ state }) => state === 'FAILED')) {
    const body = { action: 'retry', reason: 'the service is back' };
    const { status } = await api({ method: 'POST', path: `/api/v1/orders/${id}/saga/${step}`, body });
    if (status === 200 || status === 202) retried += 1;
  }
  return retried;
}
