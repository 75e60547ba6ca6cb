import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { formatMoney } from '../../../domain/money.ts';
import { returnStates } from '../../../domain/order-return.ts';
import { findReturns, type RecordedReturn } from '../../../repositories/returns.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { itemQuantitySchema, moneySchema, timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, readVisibleOrder } from '../../../orders/find-visible-order.ts';

/** A return on the wire. */
export const returnSchema = z
  .strictObject({
    id: z.uuid(),
    state: z.enum(returnStates),
    items: z.array(itemQuantitySchema),
    refund_amount: moneySchema,
    actor: z.string(),
    reason: z.string(),
    created_at: timeSchema,
    ended_at: timeSchema.nullable(),
  })
  .openapi('Return');

/** `GET /orders/{id}/returns`: what came back, and how far each return is. */
export function listOrderReturnsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/returns',
    operationId: 'listOrderReturns',
    summary: "Read an order's returns",
    description: 'Each return with its goods, its state and its refund, the oldest first.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(returnSchema), 'The returns, oldest first.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const { rows, currency } = await readVisibleOrder(database.db, c.get('caller'), id, async (order, from) => ({
        rows: await findReturns(from, order.id),
        currency: order.currency,
      }));
      return c.json(wholeList(rows.map((row) => returnView(row, currency))), 200);
    },
  });
}

/** A return as clients see it. */
export function returnView(row: RecordedReturn, currency: string): z.input<typeof returnSchema> {
  return {
    id: row.id,
    state: row.state,
    items: [...row.items],
    refund_amount: formatMoney(row.refundMinor, currency),
    actor: row.actor,
    reason: row.reason,
    created_at: row.createdAt.toISOString(),
    ended_at: row.endedAt && row.endedAt.toISOString(),
  };
}
