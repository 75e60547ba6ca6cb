import { z } from '@hono/zod-openapi';
import type { OrderScope } from '../../domain/caller.ts';
import { orderStatuses } from '../../domain/order-status.ts';
import { paymentStatuses } from '../../domain/payment-status.ts';
import type { OrderCursor, OrderListQuery } from '../../repositories/list-orders.ts';
import { isUuid } from '../../domain/uuid.ts';
import { cursorField, readCursor, writeCursor, type Cursor } from './cursor.ts';
import { pageLimit, refuseBackwards } from './query-fields.ts';
import { readMoment, type TimeZone } from '../../orders/read-moment.ts';
import { comparedLine, moment } from '../../orders/text-schemas.ts';

const flag = z.preprocess(
  (text) => ({ true: true, false: false })[String(text)] ?? text,
  z.boolean('must be true or false'),
);

/** The filters of a list and of an export of orders. */
const filterShape = {
  customer_id: comparedLine(255).optional().openapi({ description: 'Orders of this customer.' }),
  status: z.enum(orderStatuses).optional().openapi({ description: 'Orders that have this status.' }),
  payment_status: z.enum(paymentStatuses).optional().openapi({ description: 'Orders whose payment stands there.' }),
  from: moment.openapi({ description: 'Created at or after.', example: '2026-11-01' }),
  to: moment.openapi({ description: 'Created before.', example: '2026-12-01' }),
  q: comparedLine(64)
    .optional()
    .openapi({ description: 'An order number or the beginning of one.', example: 'ORD-0000' }),
  batch_id: comparedLine(255).optional().openapi({ description: 'The id of the import that placed it.' }),
  needs_attention: flag.optional().openapi({
    type: 'boolean',
    description: 'Whether the saga waits for an operator, or the customer could not be notified.',
  }),
  sort: z
    .enum(['created_at', '-created_at'])
    .default('-created_at')
    .openapi({ description: '`-created_at`: the newest first.' }),
};

/** The query of `GET /orders`. */
export const orderListQuery = z
  .strictObject({
    ...filterShape,
    limit: pageLimit,
    cursor: cursorField,
  })
  .superRefine(refuseBackwards);

/** The query of `GET /orders/export`, which has no pages. */
export const orderExportQuery = z
  .strictObject({
    ...filterShape,
    archived: flag.optional().openapi({
      type: 'boolean',
      description: 'Orders of the archive instead; see `ORDER_RETENTION`.',
    }),
  })
  .superRefine(refuseBackwards);

type Query = z.output<typeof orderListQuery>;

/** The repository's query for what of it is in `scope`. Throws VALIDATION for a cursor of another list. */
export function toListQuery(query: Query, scope: OrderScope | undefined, zone: TimeZone): OrderListQuery {
  const { limit, cursor } = query;
  const after = cursor === undefined ? undefined : orderCursor(readCursor(cursor, filtersOf(query, scope), isUuid));
  return { ...toFilters(query, zone), scope, limit, after };
}

/** The same without pages. */
export function toFilters(
  { sort, from, to, ...given }: z.output<typeof orderExportQuery>,
  zone: TimeZone,
): Omit<OrderListQuery, 'limit' | 'after'> {
  return {
    customerId: given.customer_id,
    status: given.status,
    paymentStatus: given.payment_status,
    from: from === undefined ? undefined : readMoment(from, zone),
    to: to === undefined ? undefined : readMoment(to, zone),
    q: given.q,
    batchId: given.batch_id,
    needsAttention: given.needs_attention,
    oldestFirst: sort === 'created_at',
  };
}

/** The cursor of the next page. */
export function writeListCursor({ createdAt, id }: OrderCursor, query: Query, scope: OrderScope | undefined): string {
  return writeCursor({ at: createdAt, id }, filtersOf(query, scope));
}

/** Names a list by its filters and direction. */
function filtersOf(query: Query, scope: OrderScope | undefined): readonly unknown[] {
  const { customer_id, status, payment_status, from, to, q, batch_id, needs_attention, sort } = query;
  return [scope, customer_id, status, payment_status, from, to, q, batch_id, needs_attention, sort];
}

function orderCursor({ at, id }: Cursor): OrderCursor {
  return { createdAt: at, id };
}
