import { z } from 'zod';
import type { OrderScope } from '../domain/caller.ts';
import { orderStatuses } from '../domain/order-status.ts';
import { paymentStatuses } from '../domain/payment-status.ts';
import { sagaActions, sagaStates } from '../domain/saga.ts';
import type { OrderCursor, OrderListQuery } from '../repositories/list-orders.ts';
import { isUuid } from '../domain/uuid.ts';
import { cursorField, readCursor, writeCursor, type Cursor } from './cursor.ts';
import { flag, pageLimit, refuseBackwards } from './query-fields.ts';
import { readMoment, type TimeZone } from './read-moment.ts';
import { comparedLine, moment } from './text-schemas.ts';

/** The filters of a list and of an export of orders. */
const filterShape = {
  customer_id: comparedLine(255).optional().meta({ description: 'Orders of this customer.' }),
  status: z.enum(orderStatuses).optional().meta({ description: 'Orders that have this status.' }),
  payment_status: z.enum(paymentStatuses).optional().meta({ description: 'Orders whose payment stands there.' }),
  saga_state: z.enum(sagaStates).optional().meta({ description: 'Orders whose latest saga stands there.' }),
  step: z.enum(sagaActions).optional().meta({
    description:
      'Orders that wait in this step or compensation: it is being retried, is paused, or waits for an operator.',
    example: 'chargePayment',
  }),
  waiting_since: moment.meta({
    description: 'Orders that have been waiting since this moment, or longer; with `step`, in that step.',
    example: '2026-11-01T12:00:00Z',
  }),
  from: moment.meta({ description: 'Created at or after.', example: '2026-11-01' }),
  to: moment.meta({ description: 'Created before.', example: '2026-12-01' }),
  q: comparedLine(64)
    .optional()
    .meta({
      description:
        "The beginning, in any case, of an order number, the name it is sent to, the shop's own number (`metadata.order_reference`), a tracking " +
        'number or a payment id.',
      example: 'ORD-0000',
    }),
  batch_id: comparedLine(255).optional().meta({ description: 'The id of the import that placed it.' }),
  needs_attention: flag('Whether the saga waits for an operator, or the customer could not be notified.'),
  sort: z
    .enum(['created_at', '-created_at'])
    .default('-created_at')
    .meta({ description: '`-created_at`: the newest first.' }),
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
    archived: flag('Orders of the archive instead, which have no `q`; see `ORDER_RETENTION`.'),
  })
  .superRefine(refuseBackwards)
  .refine(({ archived, q }) => archived !== true || q === undefined, {
    path: ['q'],
    message: 'finds nothing in the archive: leave it out',
  });

/** A request for a page of orders, its form checked. */
export type OrderListRequest = z.output<typeof orderListQuery>;

/** The repository's query for what of it is in `scope`. Throws VALIDATION for a cursor of another list. */
export function toListQuery(query: OrderListRequest, scope: OrderScope | undefined, zone: TimeZone): OrderListQuery {
  const { limit, cursor } = query;
  const after = cursor === undefined ? undefined : orderCursor(readCursor(cursor, filtersOf(query, scope), isUuid));
  return { ...toFilters(query, zone), scope, limit, after };
}

/** The same without pages. */
export function toFilters(
  { sort, from, to, waiting_since, ...given }: z.output<typeof orderExportQuery>,
  zone: TimeZone,
): Omit<OrderListQuery, 'limit' | 'after'> {
  return {
    customerId: given.customer_id,
    status: given.status,
    paymentStatus: given.payment_status,
    sagaState: given.saga_state,
    step: given.step,
    waitingSince: waiting_since === undefined ? undefined : readMoment(waiting_since, zone),
    from: from === undefined ? undefined : readMoment(from, zone),
    to: to === undefined ? undefined : readMoment(to, zone),
    q: given.q,
    batchId: given.batch_id,
    needsAttention: given.needs_attention,
    oldestFirst: sort === 'created_at',
  };
}

/** The cursor of the next page. */
export function writeListCursor(
  { createdAt, id }: OrderCursor,
  query: OrderListRequest,
  scope: OrderScope | undefined,
): string {
  return writeCursor({ at: createdAt, id }, filtersOf(query, scope));
}

/** Names a list by its filters and direction. */
function filtersOf(query: OrderListRequest, scope: OrderScope | undefined): readonly unknown[] {
  const { limit: _, cursor: __, ...filters } = query;
  return [scope, filters];
}

function orderCursor({ at, id }: Cursor): OrderCursor {
  return { createdAt: at, id };
}
