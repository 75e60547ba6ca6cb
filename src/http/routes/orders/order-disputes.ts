import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { disputeStates, type Dispute } from '../../../domain/dispute.ts';
import { formatMoney } from '../../../domain/money.ts';
import { closeDispute } from '../../../orders/close-dispute.ts';
import { findVisibleOrder, readVisibleOrder } from '../../../orders/find-visible-order.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { findDisputes } from '../../../repositories/disputes.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { moneySchema, timeSchema } from '../../schemas/order-schema.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';

/** A dispute on the wire. */
export const disputeSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(disputeStates),
    amount: moneySchema,
    currency: z.string().length(3),
    reason: z.string().nullable(),
    respond_by: timeSchema.nullable(),
  })
  .openapi('Dispute');

const closeSchema = z
  .strictObject({
    dispute_id: z.string().min(1).max(200).openapi({ example: 'dp_1' }),
    outcome: z
      .enum(['won', 'lost'])
      .openapi({ description: '`won`: the payment stays. `lost`: the amount went back to the customer.' }),
    reason,
  })
  .openapi('CloseDisputeRequest');

const disputeList = json(wholeListSchema(disputeSchema), 'The disputes, oldest first.');

/** `GET /orders/{id}/disputes`: what a customer's bank wants back, and how it was decided. */
export function listOrderDisputesRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/disputes',
    operationId: 'listOrderDisputes',
    summary: "Read an order's disputes",
    description:
      "Each payment that a customer's bank wants back, the oldest first, with how it was decided. While one is open the order needs attention.",
    tags: ['orders'],
    security: needsToken,
    middleware: allow(...staff),
    request: { params: orderParams },
    responses: { 200: disputeList, ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const disputes = await readVisibleOrder(database.db, c.get('caller'), id, (order, from) =>
        findDisputes(from, order.id),
      );
      return c.json(wholeList(disputes.map(disputeView)), 200);
    },
  });
}

/** `POST /orders/{id}/disputes/close`: an operator says how a dispute ended that the payment service tells no more of. */
export function closeDisputeRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/disputes/close',
    operationId: 'closeDispute',
    summary: 'Close a dispute by hand',
    description:
      'For a dispute that was decided without a message of the payment service. A lost one books its amount as refunded. What the payment ' +
      'service says later of it, and differs, becomes a dead letter of the inbox.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('operator', 'admin'),
    request: {
      params: orderParams,
      body: { required: true, content: { 'application/json': { schema: closeSchema } } },
    },
    responses: { 200: disputeList, ...problemResponses(...bodyStatuses, 404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { db } = api.database;
      const { id } = await findVisibleOrder(db, caller, c.req.valid('param').id);
      const { dispute_id: disputeId, outcome, reason: why } = c.req.valid('json');
      await closeDispute(api.orders, caller, { orderId: id, disputeId, isWon: outcome === 'won', reason: why });
      return c.json(wholeList((await findDisputes(db, id)).map(disputeView)), 200);
    },
  });
}

/** A dispute as staff see it. */
export function disputeView(dispute: Dispute): z.input<typeof disputeSchema> {
  const { disputeId, state, amountMinor, currency, reason: why, respondBy } = dispute;
  const amount = formatMoney(amountMinor, currency);
  return { id: disputeId, state, amount, currency, reason: why, respond_by: respondBy };
}
