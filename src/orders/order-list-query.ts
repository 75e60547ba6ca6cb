import { z } from 'zod';
import type { OrderScope } from '../domain/caller.ts';
import { orderStatuses } from '../domain/order-status.ts';
import { csvDelimiterNames } from '../domain/csv-delimiter.ts';
import { paymentStatuses } from '../domain/payment-status.ts';
import { sagaActions, sagaStates } from '../domain/saga.ts';
import type { OrderCursor, OrderListQuery } from '../repositories/list-orders.ts';
import { isUuid } from '../domain/uuid.ts';
import { cursorField, readCursor, writeCursor, type Cursor } from './cursor.ts';
import { flag, pageLimit, refuseBackwards } from './query-fields.ts';
import { readMoment, type TimeZone } from './read-moment.ts';
import { MAX_ORDER_REFERENCE, MAX_TRACKING } from '../domain/text-rules.ts';
import { comparedLine, line, moment } from './text-schemas.ts';

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
  reference: comparedLine(MAX_ORDER_REFERENCE)
    .optional()
    .meta({ description: 'Orders that the shop knows by this number, in any case.', example: '#1042' }),
  email: comparedLine(254)
    .optional()
    .meta({ description: 'Orders of a customer or recipient with this e-mail address, in any case.' }),
  tracking: comparedLine(MAX_TRACKING)
    .optional()
    .meta({ description: 'Orders with a shipment of this tracking number, in any case.' }),
  q: comparedLine(254)
    .optional()
    .meta({
      description:
        "The beginning, in any case and with or without accents, of an order number, the shop's own number, the name or e-mail address of the " +
        'customer or recipient, a tracking number or a payment id.',
      example: 'ORD-0000',
    }),
  source: comparedLine(100)
    .optional()
    .meta({ description: 'Orders of this system or shop, as they state it.', example: 'shopify' }),
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
    archived: flag('Orders of the archive instead, which are not searched by texts; see `ORDER_RETENTION`.'),
    lines: flag(
      'One row for each line of an order, with every amount: `POST /imports` reads it back with `preset=orders`. One row an order unless given.',
    ),
    columns: line(2_000).optional().meta({
      description: 'Only these columns, separated by commas, in this order.',
      example: 'order_number,total,currency',
    }),
    delimiter: z
      .enum(csvDelimiterNames)
      .optional()
      .meta({ description: 'What separates the cells; a comma unless given.' }),
    bom: flag('Begins with a byte order mark, by which spreadsheets know UTF-8.'),
    compress: z
      .enum(['gzip'])
      .optional()
      .meta({ description: 'A compressed file; without it, the answer is compressed if `Accept-Encoding` allows it.' }),
  })
  .superRefine(refuseBackwards)
  .superRefine(({ archived, ...filters }, context) => {
    for (const name of ['q', 'reference', 'email', 'tracking'] as const) {
      if (archived !== true || filters[name] === undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: 'finds nothing in the archive: leave it out' });
    }
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
    reference: given.reference,
    email: given.email,
    tracking: given.tracking,
    source: given.source,
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
