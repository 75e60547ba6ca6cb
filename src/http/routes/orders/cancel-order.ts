import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { cancelOrder } from '../../../orders/cancel-order.ts';
import { cancelRequest } from '../../../orders/command-requests.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, findVisibleOrder } from '../../../orders/find-visible-order.ts';
import { NO_REASON } from '../../../domain/told-reason.ts';

/** `DELETE /orders/{id}`: cancels an order. */
export function deleteOrderRoute(api: Api) {
  return cancelRoute(api, { method: 'delete', path: '/api/v1/orders/{id}', operationId: 'deleteOrder' });
}

/** `POST /orders/{id}/cancel`: the same, for clients that can't send a body with DELETE. */
export function cancelOrderRoute(api: Api) {
  return cancelRoute(api, { method: 'post', path: '/api/v1/orders/{id}/cancel', operationId: 'cancelOrder' });
}

function cancelRoute<Method extends 'delete' | 'post', Path extends string>(
  api: Api,
  at: { method: Method; path: Path; operationId: string },
) {
  const route = createRoute({
    ...at,
    summary: 'Cancel an order',
    description: 'Gives back stock and money. An order that is cancelled already stays so, and that is a success.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', ...orderReaders),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: false, content: { 'application/json': { schema: cancelRequest } } },
    },
    responses: {
      ...outcomeResponses(200, 'The order is cancelled.', 'The order is being cancelled.'),
      ...problemResponses(...bodyStatuses, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const outcome = await cancelOrder(api.orders, caller, order, {
        reason: c.req.valid('json').reason ?? NO_REASON,
        key: c.req.valid('header')['Idempotency-Key'],
      });
      return answerOutcome(c, outcome, 200);
    },
  });
}
