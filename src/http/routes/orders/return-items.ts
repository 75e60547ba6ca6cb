import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { returnItems } from '../../../orders/return-items.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { orderReaders, findVisibleOrder } from '../../../orders/find-visible-order.ts';
import { itemQuantitiesRequest } from '../../../orders/order-request.ts';

const returnSchema = z.strictObject({ items: itemQuantitiesRequest, reason }).openapi('ReturnRequest');

/** `POST /orders/{id}/returns`: takes delivered goods back, whole or in part, and refunds them. */
export function returnItemsRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/returns',
    operationId: 'returnItems',
    summary: 'Return delivered goods',
    description:
      'Possible for delivered orders within `RETURN_WINDOW`; staff take a return later as well. A return that is answered with 201 or 202 is on record: its goods ' +
      'go back into stock and its money to the customer, whatever fails meanwhile.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: returnSchema } } },
    },
    responses: {
      ...outcomeResponses(201, 'The goods are back and refunded.', 'The return is under way.'),
      ...problemResponses(...bodyStatuses, 404, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const outcome = await returnItems(api.orders, caller, order, c.req.valid('json'), key);
      return answerOutcome(c, outcome, 201);
    },
  });
}
