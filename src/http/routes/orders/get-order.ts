import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { readOrderOrCopy } from '../../../orders/read-order-or-copy.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../../orders/order-view.ts';
import { json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';

/** `GET /orders/{id}`: one order, by id or order number. */
export function getOrderRoute({ allow, database, copies }: Api) {
  const from = { db: database.db, copies };
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}',
    operationId: 'getOrder',
    summary: 'Read an order',
    description:
      'The whole order, with its lines and amounts. With `If-None-Match`, an order that has not changed is answered with 304 and no body.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    // Documented but not validated: any value is allowed, and validating the headers would take as long as the rest of the route.
    parameters: [
      {
        name: 'If-None-Match',
        in: 'header',
        description: 'Entity tags that the client has.',
        schema: { type: 'string', example: '"3"' },
      },
    ],
    responses: {
      200: json(orderSchema, 'The order.', orderHeaders),
      304: { description: 'The client has this version.', headers: orderHeaders },
      ...problemResponses(404),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { order, copy } = await readOrderOrCopy(from, c.get('caller'), c.req.valid('param').id, 'details');
      const tag = entityTag(order ?? copy);
      if (names(c.req.header('If-None-Match'), tag)) return c.body(null, 304, { ETag: tag });
      if (order) return c.json(orderView(order), 200, { ETag: tag });
      return c.body(copy.text, 200, { ETag: tag, 'Content-Type': 'application/json' });
    },
  });
}

/** Whether `If-None-Match` names the tag; compared weakly, as RFC 9110 has it. */
function names(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}
