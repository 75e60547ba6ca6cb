import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { listOrders as readPage } from '../../../repositories/list-orders.ts';
import type { Api } from '../../api.ts';
import { orderListQuery, toListQuery, writeListCursor } from '../../schemas/order-list-query.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { orderView } from '../../schemas/order-view.ts';
import { Refusal } from '../../../domain/refusal.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';
import { hasRole, scopeOf, type Caller, type OrderScope } from '../../../domain/caller.ts';

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
      const query = c.req.valid('query');
      const scope = listedScope(c.get('caller'), query.customer_id);
      const page = toListQuery(query, scope, config.order.timeZone);
      const { orders, next } = await reader.read(c.get('caller').subject, (db) => readPage(db, page));
      return c.json(
        { data: orders.map(orderView), next_cursor: next ? writeListCursor(next, query, scope) : null },
        200,
      );
    },
  });
}

function listedScope(caller: Caller, asked: string | undefined): OrderScope | undefined {
  if (!hasRole(caller, orderReaders) && asked !== undefined && asked !== caller.subject) {
    throw new Refusal('FORBIDDEN', "A customer sees nobody else's orders.");
  }
  return scopeOf(caller);
}
