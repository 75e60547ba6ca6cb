import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { refundStates } from '../../../domain/amount-refund.ts';
import { formatMoney } from '../../../domain/money.ts';
import { findAmountRefunds, type RecordedRefund } from '../../../repositories/amount-refunds.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { moneySchema, timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, readVisibleOrder } from '../../../orders/find-visible-order.ts';

/** A refund without goods on the wire. */
export const refundSchema = z
  .strictObject({
    id: z.uuid(),
    state: z.enum(refundStates),
    amount: moneySchema,
    refunded_amount: moneySchema.openapi({ description: 'What went back: no more than was left when its turn came.' }),
    notify: z.boolean(),
    actor: z.string(),
    reason: z.string(),
    created_at: timeSchema,
    ended_at: timeSchema.nullable(),
  })
  .openapi('Refund');

/** `GET /orders/{id}/refunds`: what was refunded without goods, and how far each refund is. */
export function listOrderRefundsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/refunds',
    operationId: 'listOrderRefunds',
    summary: "Read an order's refunds without goods",
    description:
      'Each refund by amount with its state, the oldest first. What returns, amendments and a cancellation gave back is among the payments.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(refundSchema), 'The refunds, oldest first.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const { rows, currency } = await readVisibleOrder(database.db, c.get('caller'), id, async (order, from) => ({
        rows: await findAmountRefunds(from, order.id),
        currency: order.currency,
      }));
      return c.json(wholeList(rows.map((row) => refundView(row, currency))), 200);
    },
  });
}

/** A refund as clients see it. */
export function refundView(row: RecordedRefund, currency: string): z.input<typeof refundSchema> {
  return {
    id: row.id,
    state: row.state,
    amount: formatMoney(row.amountMinor, currency),
    refunded_amount: formatMoney(row.refundedMinor, currency),
    notify: row.notifies,
    actor: row.actor,
    reason: row.reason,
    created_at: row.createdAt.toISOString(),
    ended_at: row.endedAt && row.endedAt.toISOString(),
  };
}
