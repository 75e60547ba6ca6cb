import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { cancelOrder } from '../../../orders/cancel-order.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { orderReaders, findVisibleOrder } from '../../../orders/find-visible-order.ts';

const cancelSchema = z.strictObject({ reason: reason.optional() }).openapi('CancelRequest');

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
      body: { required: false, content: { 'application/json': { schema: cancelSchema } } },
    },
    responses: {
      200: json(orderSchema, 'The order is cancelled.', orderHeaders),
      202: json(orderSchema, 'The order is being cancelled.', orderHeaders),
      ...problemResponses(...bodyStatuses, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const { order: after, isDone } = await cancelOrder(api.orders, caller, order, {
        reason: c.req.valid('json').reason ?? 'no reason given',
        key: c.req.valid('header')['Idempotency-Key'],
      });
      const headers = { ETag: entityTag(after) };
      return isDone ? c.json(orderView(after), 200, headers) : c.json(orderView(after), 202, headers);
    },
  });
}
