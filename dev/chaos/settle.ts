import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readEach, readEvents, readStates, readWorkflow, type OrderState } from './read-everything.ts';
import { isAtRest, isFinal } from './rest.ts';
import type { ChaosSystem } from './system.ts';

/** How the system came to rest. */
export interface Settled {
  /** When everything was done; undefined when it never was. */
  readonly doneAtMs: number | undefined;
  /** What was waited for last. */
  readonly waitedFor: readonly string[];
  /** Steps that an operator had to have retried. */
  readonly retriedSteps: number;
}

const POLL_MS = 250;
/** Restarts, retries with their pauses and the reconciler's interval fit several times. */
const LIMIT_MS = 90_000;

/**
 * Waits until all clients have their answers, every order and its workflow is at rest and its events are delivered, and once more
 * until no payment is open any more; an operator meanwhile has parked steps retried.
 */
export async function settle(system: ChaosSystem, living: Promise<unknown>): Promise<Settled> {
  const deadline = Date.now() + LIMIT_MS;
  const closed = new Set<string>();
  let isLiving = true;
  void living.finally(() => (isLiving = false));
  let doneAtMs: number | undefined;
  let waitedFor: string[] = [];
  let retriedSteps = 0;
  while (Date.now() < deadline) {
    const wasLiving = isLiving;
    const orders = await readStates(system).catch((): OrderState[] => []);
    const restless =
      orders.length === 0
        ? ['PostgreSQL is not back']
        : await findRestless(system, orders, closed).catch(() => ['Temporal or PostgreSQL is not back']);
    if (wasLiving) restless.push('clients wait for their answers');
    if (restless.length === 0) {
      doneAtMs ??= Date.now();
      // An open payment is rest, but one that ends by itself, perhaps in the middle of the books being read.
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
  return { doneAtMs, waitedFor, retriedSteps };
}

/** What is still under way; `closed` remembers orders of which nothing more can come. */
async function findRestless(
  system: ChaosSystem,
  orders: readonly OrderState[],
  closed: Set<string>,
): Promise<string[]> {
  const restless = orders
    .filter((order) => !isAtRest(order))
    .map(({ id, status, saga_state }) => `${id} is ${status} ${saga_state}`);
  // Asking the engine about each order is for when they all look done.
  if (restless.length > 0) return restless;
  const workflows = await findRestlessWorkflows(system, orders, closed);
  if (workflows.length > 0) return workflows;
  const events = (await readEvents(system)).filter(({ isPublished }) => !isPublished);
  return events.map(({ orderId }) => `${orderId} has an event that is not delivered`);
}

/** Workflows that are at work, or were ended by force and wait to be taken up. */
async function findRestlessWorkflows(
  system: ChaosSystem,
  orders: readonly OrderState[],
  closed: Set<string>,
): Promise<string[]> {
  const final = new Set(orders.filter(isFinal).map(({ id }) => id));
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
