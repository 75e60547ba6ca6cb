import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { listOrders } from '../../../orders/list-orders.ts';
import { orderListQuery } from '../../../orders/order-list-query.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { orderView } from '../../../orders/order-view.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';

const pageSchema = z
  .strictObject({
    data: z.array(orderSchema),
    next_cursor: z.string().nullable().openapi({ description: 'For the next page; null at the end.' }),
  })
  .openapi('OrderPage');

/** `GET /orders`: orders by time of creation, page by page; a customer's and a service's own only. */
export function listOrdersRoute({ allow, config, reader }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders',
    operationId: 'listOrders',
    summary: 'List orders',
    description:
      'A customer sees their own orders, a service those that it placed, staff all of them. The newest come first, unless `sort` ' +
      'says otherwise. All filters apply together; the next page has the same ones and the `cursor` of this one.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { query: orderListQuery },
    responses: { 200: json(pageSchema, 'A page of orders.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const page = { reader, timeZone: config.order.timeZone };
      const { orders, nextCursor } = await listOrders(page, c.get('caller'), c.req.valid('query'));
      return c.json({ data: orders.map(orderView), next_cursor: nextCursor }, 200);
    },
  });
}
