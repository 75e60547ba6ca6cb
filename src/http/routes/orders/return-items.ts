import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { returnItems } from '../../../orders/return-items.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
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
      'Possible for delivered orders within `RETURN_WINDOW`. A return that is answered with 201 or 202 is on record: its goods ' +
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
      201: json(orderSchema, 'The goods are back and refunded.', orderHeaders),
      202: json(orderSchema, 'The return is under way.', orderHeaders),
      ...problemResponses(...bodyStatuses, 404, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const { order: after, isDone } = await returnItems(api.orders, caller, order, c.req.valid('json'), key);
      const tag = { ETag: entityTag(after) };
      return isDone ? c.json(orderView(after), 201, tag) : c.json(orderView(after), 202, tag);
    },
  });
}
