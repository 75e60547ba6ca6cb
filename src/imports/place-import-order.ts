import pLimit from 'p-limit';
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
import { invalidRequest, keyReused, Refusal } from '../domain/refusal.ts';
import { comparePrices } from './compare-prices.ts';
import { createMissing } from './create-missing.ts';
import { checkReference, importKeyOf, type ImportKey } from './import-key.ts';
import { failureOf } from './failure-of.ts';
import { namedInRequest } from './named-in-order.ts';
import { maxRowsOf, readOrderRequest, type StatedRequest } from './read-order-request.ts';
import { roles, type Caller } from '../domain/caller.ts';
import { hashRequest } from '../orders/idempotency.ts';

/** What placing works with. */
export type Services = Pick<OrderDependencies, 'db' | 'gateways' | 'rules' | 'logger'> & {
  readonly commands: Pick<OrderCommands, 'start'>;
};

/** Places an order of an import and has its saga started; see {@link createImportPlacer}. */
export type PlaceImportOrder = (job: Import, order: ImportOrder) => Promise<PlacedImportOrder>;

/** Each needs the catalogue, the customer service and a connection, which the process needs for other work, too. */
const PLACED_AT_ONCE = 8;

/**
 * Places orders of imports exactly as `POST /orders` would for the caller who uploaded them, each once however often it is called. An
 * order that an earlier import placed under the same reference is left alone, unless it failed: then it is placed again.
 * Rejects when a service or the database is away; calling again is safe.
 */
export function createImportPlacer(services: Services): PlaceImportOrder {
  const limit = pLimit(PLACED_AT_ONCE);
  const schema = orderRequestSchema(services.rules);
  return (job, order) =>
    limit(async () => {
      try {
        const { request, ...from } = await requestOf(services, job, order);
        const body = checkRequest(schema, request);
        const { createMissing: missing, defaults = {} } = job.format ?? {};
        if (missing) await createMissing(services, missing, [namedInRequest(body, from.file, defaults)]);
        return await place(services, job, keyOf(job, order, body.source), { body, ...from });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { code, orderId = null } = error;
        const failure = code === keyReused().code && order.reference !== '' ? onRecord : failureOf(error);
        return { state: 'FAILED', orderId, failure };
      }
    });
}

/** Whoever imports a file has given references, and no keys. */
const onRecord: ImportFailure = {
  code: keyReused().code,
  message:
    'An order is on record under this reference, and says something else. If this one is of another shop, give its file a source of its own, with source=.',
  details: [
    {
      pointer: '/order_reference',
      message: 'is that of an order on record that says something else, and stays as it is',
    },
  ],
};

/** The idempotency key of an order: that of its reference, or its place in the batch when it has none. */
function keyOf(job: Import, { reference, position }: ImportOrder, source: string | undefined): ImportKey {
  if (reference === '') return { subject: job.subject, key: `→batch:${job.id}:${position}` };
  return importKeyOf(job, reference, source ?? null);
}

async function requestOf({ db, rules }: Services, job: Import, order: ImportOrder): Promise<StatedRequest> {
  const { reference, position, lineCount } = order;
  // Only an order of a batch may have none.
  if (reference !== '' || job.kind !== 'batch') checkReference(reference);
  if (job.kind === 'batch') {
    if (reference !== '' && (await hasEarlierReference(db, job.id, { reference, position }))) {
      throw refused('/order_reference', 'is that of an earlier order of this batch');
    }
    return { request: withReference(order.body, reference) };
  }
  if (!job.format) throw new Error('a file without a format');
  // Not read at all when there are too many.
  const maxRows = maxRowsOf(job.format, rules);
  if (lineCount > maxRows) throw refused('/items', `has ${lineCount} lines, and an order has at most ${maxRows}`);
  const lines = await findOrderLines(db, job.id, reference, maxRows);
  const read = readOrderRequest(reference, lines, job.format);
  if ('faults' in read) throw invalidRequest(read.faults);
  return read;
}

/** Adds the reference to a batch's order and its metadata, as orders of a file have it; what is not an object stays, and is refused later. */
function withReference(body: unknown, reference: string): unknown {
  if (reference === '' || typeof body !== 'object' || body === null) return body;
  const metadata: unknown = 'metadata' in body ? body.metadata : {};
  if (typeof metadata !== 'object' || metadata === null) return body;
  return { reference, ...body, metadata: { order_reference: reference, ...metadata } };
}

function refused(pointer: string, message: string): Refusal {
  return invalidRequest([{ pointer, message }]);
}

type CheckedOrder = Omit<StatedRequest, 'request'> & { readonly body: OrderRequest };

async function place(
  services: Services,
  job: Import,
  base: ImportKey,
  { body, stated, file }: CheckedOrder,
): Promise<PlacedImportOrder> {
  const { db } = services;
  const caller = callerOf(job);
  const hash = hashRequest(stated ? { ...body, stated } : body);
  for (let n = 1; ; n += 1) {
    const key = { ...base, key: n === 1 ? base.key : `${base.key}:${n}` };
    const earlier = await findUnder(db, key);
    // A failed order of an earlier import is placed again under the next key; one of this import stays failed.
    if (earlier && earlier.batchId !== job.id && hasFailed(earlier)) continue;
    const placed = await placeOrder(
      services,
      caller,
      body,
      { ...key, bodyHash: hash },
      {
        batchId: job.id,
        stated,
      },
    );
    const { order } = placed;
    if (order.batchId !== job.id) return repeatOf(order);
    // If it can't be started now, the relay starts it.
    if (order.status === 'PENDING') await services.commands.start(order, { isAwaited: false }).catch(() => {});
    return { state: 'PLACED', orderId: order.id, difference: stated || !file ? null : comparePrices(order, file) };
  }
}

/** The caller who uploaded the import; their token may expire before all orders are placed. */
function callerOf({ subject, roles: held, actor }: Import): Caller {
  return { subject, roles: roles.filter((role) => held.includes(role)), actor, expiresAtMs: Infinity };
}

async function findUnder(db: Db, { subject, key }: ImportKey): Promise<Order | undefined> {
  const keyed = await findKeyedOrder(db, subject, key);
  return keyed && (await findOrder(db, keyed.orderId));
}

/** Whether the order failed, so that placing it again makes no second order. Somebody who cancels an order leaves no failure. */
function hasFailed({ status, failure }: Order): boolean {
  return status === 'CANCELLED' && failure !== null;
}

function repeatOf(order: Order): PlacedImportOrder {
  if (order.status !== 'PAYMENT_FAILED') return { state: 'REPEATED', orderId: order.id };
  const message = 'The payment of the order that was placed earlier was declined; offer it another payment method.';
  return { state: 'FAILED', orderId: order.id, failure: { code: 'ORD003', message, details: [] } };
}
