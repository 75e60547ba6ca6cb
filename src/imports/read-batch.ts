import { createHash } from 'node:crypto';
import { z } from 'zod';
import { invalidRequest, Refusal } from '../domain/refusal.ts';
import { excessOfJson } from '../orders/bound-json.ts';
import { checkRequest } from '../orders/check-request.ts';
import { hashRequest } from '../orders/idempotency.ts';
import { line } from '../orders/text-schemas.ts';
import type { BatchOrder } from '../repositories/import-uploads.ts';
import { failureOf } from './failure-of.ts';
import { keepFlattened } from './flatten-order.ts';
import { createBatchSplitter } from './split-batch.ts';
import { isStorable } from './storable.ts';

/** Larger batches are sent as a file. */
export const MAX_BATCH_ORDERS = 1_000;

/** As much as `POST /orders` takes. */
const MAX_ORDER_BYTES = 256_000;

/** The orders of a batch, and a hash of them that does not depend on how they are written. */
export interface Batch {
  readonly orders: readonly BatchOrder[];
  readonly hash: string;
}

/** What an order must be for its batch to be one. */
const orderSchema = z
  .unknown()
  .refine(isStorable, {
    error: 'must not hold NUL, halves of characters, or more than eight levels',
    abort: true,
  })
  .pipe(z.looseObject({ order_reference: line(200).optional() }));

/** A batch whose orders have been taken out. */
const frameSchema = z.strictObject({ orders: z.array(z.literal(0)).min(1) });

/**
 * Reads a batch `{"orders": […]}` order by order while it comes. The first fault of the batch ends it: throws VALIDATION. An order that does not
 * fit `schema` has failed already, and nothing is kept of it but what its line of the errors shows.
 */
export async function readBatch(pieces: AsyncIterable<Uint8Array>, schema: z.ZodType): Promise<Batch> {
  const splitter = createBatchSplitter(MAX_ORDER_BYTES);
  const orders: BatchOrder[] = [];
  const hash = createHash('sha256');
  for await (const piece of pieces) {
    for (const json of splitter.push(piece)) {
      if (orders.length === MAX_BATCH_ORDERS) throw tooMany();
      const { reference, body } = readOrder(json, `/orders/${orders.length}`);
      hash.update(hashRequest({ reference, body }));
      orders.push({ reference, ...checkOrder(schema, body) });
    }
  }
  checkRequest(frameSchema, parse(splitter.frame(), ''));
  return { orders, hash: hash.digest('base64url') };
}

function checkOrder(schema: z.ZodType, body: unknown): Omit<BatchOrder, 'reference'> {
  try {
    checkRequest(schema, body);
    return { json: JSON.stringify(body), failure: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { json: JSON.stringify(keepFlattened(body)), failure: failureOf(error) };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readOrder(bytes: Buffer, pointer: string) {
  const order = parse(decode(bytes, pointer), pointer);
  const { order_reference: reference = '' } = checkRequest(orderSchema, order, pointer);
  // Made of what was sent: a schema leaves out a field called __proto__, which the order is to be refused for.
  const body = Object.fromEntries(Object.entries(Object(order)).filter(([name]) => name !== 'order_reference'));
  return { reference, body };
}

function decode(bytes: Buffer, pointer: string): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidRequest([{ pointer, message: 'must be valid UTF-8' }]);
  }
}

function parse(text: string, pointer: string): unknown {
  const excess = excessOfJson(text);
  if (excess !== undefined) throw invalidRequest([{ pointer, message: excess }]);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('VALIDATION', 'The body is not JSON.', { details: [{ pointer, message: 'is not valid JSON' }] });
  }
}

function tooMany(): Refusal {
  return invalidRequest([
    { pointer: '/orders', message: `must have a number of entries of at most ${MAX_BATCH_ORDERS}` },
  ]);
}
