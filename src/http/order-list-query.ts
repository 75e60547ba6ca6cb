import { createHash } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { orderStatuses } from '../domain/order-status.ts';
import { paymentStatuses } from '../domain/payment-status.ts';
import type { OrderCursor, OrderListQuery } from '../repositories/list-orders.ts';
import { isUuid } from '../repositories/order-repository.ts';
import { ProblemError } from './problem.ts';
import { isTellable, moment, pageLimit, refuseBackwards } from './query-fields.ts';
import { line } from './text.ts';

/** The query of `GET /orders`. */
export const orderListQuery = z
  .strictObject({
    customer_id: line(255).optional(),
    status: z.enum(orderStatuses).optional(),
    payment_status: z.enum(paymentStatuses).optional(),
    from: moment.openapi({ description: 'Created at or after.', example: '2026-11-01' }),
    to: moment.openapi({ description: 'Created before.', example: '2026-12-01' }),
    q: line(64).optional().openapi({ description: 'An order number or the beginning of one.', example: 'ORD-0000' }),
    batch_id: line(255).optional(),
    needs_attention: z
      .preprocess((text) => ({ true: true, false: false })[String(text)] ?? text, z.boolean('must be true or false'))
      .optional()
      .openapi({ type: 'boolean', description: 'Whether the saga waits for an operator.' }),
    sort: z.enum(['created_at', '-created_at']).default('-created_at'),
    limit: pageLimit,
    cursor: z
      .string()
      .max(500)
      .optional()
      .openapi({ description: '`next_cursor` of the page before, with the same filters.' }),
  })
  .superRefine(refuseBackwards);

type Query = z.output<typeof orderListQuery>;

/** The repository's query; `customerId` replaces the filter of a caller who sees one customer's orders only. Throws VALIDATION for a cursor of another list. */
export function toListQuery(query: Query, customerId: string | undefined): OrderListQuery {
  const { limit, cursor, sort, from, to, ...filters } = query;
  return {
    customerId,
    status: filters.status,
    paymentStatus: filters.payment_status,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    q: filters.q,
    batchId: filters.batch_id,
    needsAttention: filters.needs_attention,
    oldestFirst: sort === 'created_at',
    limit,
    after: cursor === undefined ? undefined : readCursor(cursor, listKey(query, customerId)),
  };
}

/** An opaque cursor that only continues the list that it comes from. */
export function writeCursor(next: OrderCursor, query: Query, customerId: string | undefined): string {
  const parts = [listKey(query, customerId), next.createdAt, next.id];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Names a list by its filters and direction. */
function listKey(
  { status, payment_status, from, to, q, batch_id, needs_attention, sort }: Query,
  customerId?: string,
): string {
  const filters = [customerId, status, payment_status, from, to, q, batch_id, needs_attention, sort];
  return createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 16);
}

const cursorParts = z.tuple([z.string(), z.iso.datetime().refine(isTellable), z.string().refine(isUuid)]);

function readCursor(cursor: string, key: string): OrderCursor {
  const parts = cursorParts.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parts.success) throw badCursor('is not a cursor of this API');
  const [listedUnder, createdAt, id] = parts.data;
  if (listedUnder !== key) throw badCursor('belongs to a list with other filters');
  return { createdAt, id };
}

function badCursor(message: string): ProblemError {
  return new ProblemError('VALIDATION', `The cursor ${message}.`, { details: [{ parameter: 'cursor', message }] });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
