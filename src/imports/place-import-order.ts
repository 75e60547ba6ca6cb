import pLimit from 'p-limit';
import { holdsCardNumber } from '../domain/card-number.ts';
import type { Import, ImportFailure, ImportOrder, PlacedImportOrder } from '../domain/import.ts';
import type { Order } from '../domain/order.ts';
import { findKeyedOrder } from '../repositories/accept-order.ts';
import { findOrderLines, hasEarlierReference } from '../repositories/import-orders.ts';
import { findOrder } from '../repositories/order-repository.ts';
import type { Db } from '../repositories/schema.ts';
import type { OrderCommands } from '../temporal/order-commands.ts';
import type { OrderDependencies } from '../orders/dependencies.ts';
import { orderRequestSchema, type OrderRequest } from '../orders/order-request.ts';
import { checkRequest } from '../orders/check-request.ts';
import { placeOrder } from '../orders/place-order.ts';
import { invalidRequest, Refusal } from '../domain/refusal.ts';
import { orderOfLines } from './order-of-lines.ts';
import { roles, type Caller } from '../domain/caller.ts';
import { hashRequest } from '../orders/idempotency.ts';

/** What placing works with. */
export type Services = Pick<OrderDependencies, 'db' | 'gateways' | 'rules'> & {
  readonly commands: Pick<OrderCommands, 'start'>;
};

/** Places an order of an import and has its saga started; see {@link importPlacer}. */
export type PlaceImportOrder = (job: Import, order: ImportOrder) => Promise<PlacedImportOrder>;

/** Each takes the catalogue, the customer service and a connection; what else the process does needs some, too. */
const PLACED_AT_ONCE = 8;

/** References longer than this are none; an idempotency key is made of each. */
const MAX_REFERENCE = 200;

/**
 * Places orders of imports exactly as `POST /orders` would for the caller who uploaded them. An order that this import placed before
 * is found again, however often it is asked for; one of an earlier import under the same reference is left alone, unless it
 * failed, when it is placed anew. Rejects when something that is needed is away, so that it can be tried again.
 */
export function importPlacer(services: Services): PlaceImportOrder {
  const limit = pLimit(PLACED_AT_ONCE);
  const schema = orderRequestSchema(services.rules);
  return (job, order) =>
    limit(async () => {
      try {
        const body = checkRequest(schema, await requestOf(services, job, order));
        return await place(services, job, keyOf(job, order), body);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { state: 'FAILED', orderId: error.orderId ?? null, failure: failureOf(error) };
      }
    });
}

/** Within its subject. An order of a batch that has no reference is known by its place in the batch. */
function keyOf(job: Import, { reference, position }: ImportOrder): string {
  return reference === '' ? `batch:${job.id}:${position}` : `import:${reference}`;
}

async function requestOf({ db, rules }: Services, job: Import, order: ImportOrder): Promise<unknown> {
  const { reference, position, lineCount } = order;
  if (reference.length > MAX_REFERENCE || /[^ -~\u00a0-\uffff]/.test(reference) || !reference.isWellFormed()) {
    throw refused('/order_reference', `must be one line of at most ${MAX_REFERENCE} characters`);
  }
  if (job.kind === 'batch') {
    if (reference !== '' && (await hasEarlierReference(db, job.id, { reference, position }))) {
      throw refused('/order_reference', 'is that of an earlier order of this batch');
    }
    return withReference(order.body, reference);
  }
  if (reference === '') throw refused('/order_reference', 'is empty');
  // The lines of an order that is refused for their number are not even read.
  const { maxItems } = rules;
  if (lineCount > maxItems)
    throw refused('/items', `must have a number of entries of at most ${maxItems}, has ${lineCount}`);
  if (!job.format) throw new Error('a file without a format');
  const made = orderOfLines(reference, await findOrderLines(db, job.id, reference, maxItems), job.format);
  if ('faults' in made) throw invalidRequest(made.faults);
  return made.body;
}

/** An order of a batch is found by its reference as one of a file is; what is no order stays what it is, to be refused. */
function withReference(body: unknown, reference: string): unknown {
  if (reference === '' || holdsCardNumber(reference) || typeof body !== 'object' || body === null) return body;
  const metadata: unknown = 'metadata' in body ? body.metadata : {};
  if (typeof metadata !== 'object' || metadata === null) return body;
  return { ...body, metadata: { order_reference: reference, ...metadata } };
}

function refused(pointer: string, message: string): Refusal {
  return invalidRequest([{ pointer, message }]);
}

async function place(services: Services, job: Import, base: string, body: OrderRequest): Promise<PlacedImportOrder> {
  const { db } = services;
  const caller = callerOf(job);
  const hash = hashRequest(body);
  for (let n = 1; ; n += 1) {
    const key = n === 1 ? base : `${base}:${n}`;
    const earlier = await findUnder(db, caller.subject, key);
    // A failed one gives way to a new try under the next key, but not the one that this very import made.
    if (earlier && earlier.batchId !== job.id && hasFailed(earlier)) continue;
    const placed = await placeOrder(services, caller, body, { subject: caller.subject, key, bodyHash: hash }, job.id);
    const { order } = placed;
    if (order.batchId !== job.id) return repeatOf(order);
    // What can't be started now, the relay starts.
    if (order.status === 'PENDING') await services.commands.start(order).catch(() => {});
    return { state: 'PLACED', orderId: order.id };
  }
}

/** Whoever uploaded it was allowed to, and has left: what was accepted is placed however long that takes. */
function callerOf({ subject, roles: held, actor }: Import): Caller {
  return { subject, roles: roles.filter((role) => held.includes(role)), actor, expiresAtMs: Infinity };
}

async function findUnder(db: Db, subject: string, key: string): Promise<Order | undefined> {
  const keyed = await findKeyedOrder(db, subject, key);
  return keyed && (await findOrder(db, keyed.orderId));
}

/** Whether the order came to nothing by itself, so that placing it again doubles nothing. */
function hasFailed({ status, failure }: Order): boolean {
  return status === 'CANCELLED' && failure !== null;
}

function repeatOf(order: Order): PlacedImportOrder {
  if (order.status !== 'PAYMENT_FAILED') return { state: 'REPEATED', orderId: order.id };
  const message = 'The payment of the order that was placed earlier was declined; offer it another payment method.';
  return { state: 'FAILED', orderId: order.id, failure: { code: 'ORD003', message, details: [] } };
}

function failureOf({ code, message, details }: Refusal): ImportFailure {
  return { code, message, details: details.slice(0, MAX_DETAILS) };
}

/** As many lines as an order may have by default; the rest would be more of the same. */
const MAX_DETAILS = 50;
