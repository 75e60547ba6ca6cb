import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { changeStatus } from '../../../orders/change-status.ts';
import { statusRequest } from '../../../orders/command-requests.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';
import { staff } from '../../../domain/caller.ts';

/** `PUT /orders/{id}/status`: staff move an order through fulfilment, or cancel it. */
export function changeStatusRoute(api: Api) {
  const route = createRoute({
    method: 'put',
    path: '/api/v1/orders/{id}/status',
    operationId: 'changeStatus',
    summary: 'Change the status of an order by hand',
    description:
      'Takes PROCESSING, SHIPPED, DELIVERED and CANCELLED in their order; everything else is the outcome of a saga.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow(...staff),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: statusRequest } } },
    },
    responses: {
      ...outcomeResponses(200, 'The order has the status.', 'The change is under way.'),
      ...problemResponses(...bodyStatuses, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const request = c.req.valid('json');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const outcome = await changeStatus(api.orders, caller, order, request, key);
      return answerOutcome(c, outcome, 200);
    },
  });
}
