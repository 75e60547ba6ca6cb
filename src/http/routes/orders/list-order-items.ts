import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { itemSchema } from '../../schemas/order-schema.ts';
import { itemViews } from '../../../orders/order-view.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, findReadableOrder } from '../../../orders/find-visible-order.ts';

/** `GET /orders/{id}/items`: what was bought. */
export function listOrderItemsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/items',
    operationId: 'listOrderItems',
    summary: "Read an order's lines",
    description: 'What was ordered, and how many of each line were shipped and returned.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(itemSchema), 'The lines.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      return c.json(wholeList(itemViews(await findReadableOrder(database.db, c.get('caller'), id))), 200);
    },
  });
}
