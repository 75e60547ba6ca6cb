import { uuidv7 } from 'uuidv7';
import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import type { NewOrder, OrderWithItems } from '../domain/order.ts';
import { invalidRequest, keyReused, Refusal } from '../domain/refusal.ts';
import type { StatedOrder } from '../domain/stated-amounts.ts';
import { acceptOrderInBatch, findKeyedOrderInBatch } from '../repositories/accept-in-batches.ts';
import type { IdempotencyKey } from '../repositories/accept-order.ts';
import { activeTraceparent } from '../tracing/trace.ts';
import { findArchivedOrder } from '../repositories/archive.ts';
import { currentRequest } from '../request-context.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';
import { decideOrder, type DecidedOrder } from './decide-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { findOrderFacts } from './find-order-facts.ts';
import { requireFewDeclines } from './require-few-declines.ts';
import type { OrderRequest } from './order-request.ts';
import { reportAcceptance } from './report-writes.ts';

/** An order on record, and whether this request placed it or an earlier one under the same key. */
export interface PlacedOrder {
  readonly order: OrderWithItems;
  readonly repeated: boolean;
}

/** Where an order comes from, unless somebody asks for it by itself. */
export interface PlacedFrom {
  /** Its import. */
  readonly batchId?: string | null | undefined;
  /** What its file states of it. */
  readonly stated?: StatedOrder | undefined;
}

/**
 * Accepts an order, or finds the one that was accepted under the same key. Throws a `Refusal`, and records nothing, when customer,
 * products, prices, coupon or total don't allow the order, too many payments of the customer were declined lately, or the key belongs to another request.
 */
export async function placeOrder(
  dependencies: Pick<OrderDependencies, 'db' | 'gateways' | 'rules' | 'logger'>,
  caller: Caller,
  request: OrderRequest,
  key: IdempotencyKey | null,
  { batchId = null, stated }: PlacedFrom = {},
): Promise<PlacedOrder> {
  const { db, rules } = dependencies;
  const customerId = customerOf(caller, request);
  const facts = findOrderFacts(dependencies, request, customerId);
  // Most keys are new. When the other services fail or are slow, an order that was accepted earlier is found without them.
  if (key && !(await isPrompt(facts))) {
    const earlier = await findRepeat(db, key);
    if (earlier) return { order: earlier, repeated: true };
  }
  // Who orders for others answers for them.
  const fewDeclines = hasRole(caller, priceSetters) ? undefined : requireFewDeclines(dependencies, { customerId });
  // It is awaited last: until then nobody else hears of its failure.
  fewDeclines?.catch(() => {});
  const accept = async () => {
    const placing = { maySetPrices: hasRole(caller, priceSetters), at: new Date(), stated };
    const decided = decideOrder(request, await facts, rules, placing);
    await fewDeclines;
    const placer = { customerId, batchId, ...placerOf(caller), traceparent: activeTraceparent() };
    return recordOrder(db, identifyOrder(decided, placer), key);
  };
  const accepted = await accept().catch(returnRefusal);
  if (accepted && !(accepted instanceof Refusal)) {
    reportAcceptance(dependencies.logger, accepted);
    return { order: accepted, repeated: false };
  }

  // A refused request may have been accepted before: sent twice at once, one of the two may find the coupon used by the other.
  const earlier = key && (await findRepeat(db, key));
  if (earlier) return { order: earlier, repeated: true };
  throw accepted ?? new Error('an idempotency key is taken but has no order');
}

function customerOf(caller: Caller, { customer_id: customerId }: OrderRequest): string {
  if (hasRole(caller, priceSetters)) {
    if (customerId !== undefined) return customerId;
    throw invalidRequest([{ pointer: '/customer_id', message: 'is required' }]);
  }
  if (customerId === undefined || customerId === caller.subject) return caller.subject;
  throw new Refusal('FORBIDDEN', 'A customer orders for nobody else.');
}

function placerOf(caller: Caller): Pick<NewOrder, 'placedBy' | 'placedByService'> {
  return { placedBy: caller.actor, placedByService: hasRole(caller, priceSetters) ? caller.subject : null };
}

/** How long the other services may take before an earlier acceptance is looked for. */
const PROMPT_MS = 250;

async function isPrompt(facts: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, PROMPT_MS, false);
  const told = facts.then(
    () => true,
    () => false,
  );
  const isTold = await Promise.race([told, late]);
  clearTimeout(timer);
  return isTold;
}

/** The order that was accepted under the key. Throws IDEMPOTENCY_KEY_REUSED when it was accepted for another request. */
async function findRepeat(db: Db, key: IdempotencyKey): Promise<OrderWithItems | undefined> {
  const keyed = await findKeyedOrderInBatch(db, key);
  if (!keyed) return undefined;
  if (keyed.bodyHash !== key.bodyHash) throw keyReused();
  return (await findOrderWithItems(db, keyed.orderId)) ?? findArchivedOrder(db, keyed.orderId);
}

function identifyOrder(order: DecidedOrder, origin: Omit<NewOrder, keyof DecidedOrder | 'id' | 'requestId'>): NewOrder {
  const requestId = currentRequest()?.requestId;
  return {
    ...order,
    ...origin,
    requestId,
    id: uuidv7(),
    items: order.items.map((item) => ({ ...item, id: uuidv7() })),
  };
}

/** Returns `undefined`, and nothing is written, when the key is taken. */
async function recordOrder(db: Db, order: NewOrder, key: IdempotencyKey | null): Promise<OrderWithItems | undefined> {
  const accepted = await acceptOrderInBatch(db, order, key);
  return (
    accepted && {
      ...accepted,
      items: order.items.map((item) => ({ ...item, shippedQuantity: 0, returnedQuantity: 0, splitFrom: null })),
    }
  );
}

/** Any other error is a failure, not a decision about the order. */
function returnRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}
