import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readEach, readEvents, readOrders, readWorkflow, type ReadOrder } from './read-everything.ts';
import { isAtRest, isFinal } from './rest.ts';
import type { ChaosSystem } from './system.ts';

/** How the system came to rest. */
export interface Settled {
  /** Times from the call on, in milliseconds; undefined when it never came to rest. */
  readonly quietAfterMs: number | undefined;
  /** Steps that an operator had to have retried. */
  readonly retriedSteps: number;
}

const POLL_MS = 250;
/** Restarts, retries with their pauses and the reconciler's interval fit several times. */
const LIMIT_MS = 90_000;

/**
 * Waits until every order is at rest, its workflow too, and its events are delivered, and once more until no payment is open any more;
 * an operator meanwhile has parked steps retried.
 */
export async function settle(system: ChaosSystem): Promise<Settled> {
  const startedMs = Date.now();
  const closed = new Set<string>();
  let quietAfterMs: number | undefined;
  let retriedSteps = 0;
  while (Date.now() - startedMs < LIMIT_MS) {
    const orders = await readOrders(system);
    if (orders.every(isAtRest) && (await isQuiet(system, orders, closed).catch(isAway))) {
      quietAfterMs ??= Date.now() - startedMs;
      // An open payment is rest, but one that ends by itself, perhaps in the middle of the books being read.
      if (orders.every(({ status }) => status !== 'PAYMENT_FAILED')) break;
    }
    for (const { id } of orders.filter(({ saga_state }) => saga_state === 'NEEDS_ATTENTION')) {
      retriedSteps += await retryParkedSteps(system, id);
    }
    await sleep(POLL_MS);
  }
  return { quietAfterMs, retriedSteps };
}

async function isQuiet(system: ChaosSystem, orders: readonly ReadOrder[], closed: Set<string>): Promise<boolean> {
  if (!(await workflowsAtRest(system, orders, closed))) return false;
  return (await readEvents(system)).every(({ isPublished }) => isPublished);
}

/** Whether no workflow is at work or waits to be taken up; `closed` remembers orders of which nothing more can come. */
async function workflowsAtRest(
  system: ChaosSystem,
  orders: readonly ReadOrder[],
  closed: Set<string>,
): Promise<boolean> {
  const final = new Set(orders.filter(isFinal).map(({ id }) => id));
  const open = orders.map(({ id }) => id).filter((id) => !closed.has(id));
  const workflows = await readEach(open, (id) => readWorkflow(system, id));
  for (const [id, { state }] of workflows) if (final.has(id) && state !== 'RUNNING') closed.add(id);
  return [...workflows].every(([id, { state, busy }]) => {
    if (state === 'RUNNING') return !busy && !final.has(id);
    return final.has(id) || state === 'COMPLETED' || state === 'CANCELLED';
  });
}

/** Temporal or PostgreSQL may be among what was killed last; nothing can be concluded before they are back. */
function isAway(): boolean {
  return false;
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
