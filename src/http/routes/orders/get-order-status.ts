import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { readOrderOrCopy } from '../../../orders/read-order-or-copy.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { statusReport } from '../../../orders/status-report.ts';
import { statusSchema } from '../../schemas/status-report.ts';
import { orderReaders } from '../../../orders/find-visible-order.ts';

/** `GET /orders/{id}/status`: where an order stands and what may follow. */
export function getOrderStatusRoute({ allow, database, copies }: Api) {
  const from = { db: database.db, copies };
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/status',
    operationId: 'getOrderStatus',
    summary: 'Read where an order stands',
    description:
      'The states of the order, its payment and its saga, and the statuses that may follow, without the rest of the order.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: { 200: json(statusSchema, 'Where it stands.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { order, copy } = await readOrderOrCopy(from, c.get('caller'), c.req.valid('param').id, 'status');
      return c.json(order ? statusReport(order) : statusSchema.parse(JSON.parse(copy.text)), 200);
    },
  });
}
