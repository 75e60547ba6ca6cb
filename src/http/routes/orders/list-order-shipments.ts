import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { findShipments } from '../../../repositories/shipments.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { shipmentSchema, shipmentView } from '../../schemas/shipment-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, readVisibleOrder } from '../../../orders/find-visible-order.ts';

/** `GET /orders/{id}/shipments`: what has left, and how it travels. */
export function listOrderShipmentsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/shipments',
    operationId: 'listOrderShipments',
    summary: "Read an order's shipments",
    description: 'Each shipment with its goods, carrier and tracking number, the oldest first.',
    tags: ['orders'],
    security: needsToken,
    middleware: allow('customer', ...orderReaders),
    request: { params: orderParams },
    responses: { 200: json(wholeListSchema(shipmentSchema), 'The shipments, oldest first.'), ...problemResponses(404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const shipments = await readVisibleOrder(database.db, c.get('caller'), id, (order, from) =>
        findShipments(from, order.id),
      );
      return c.json(wholeList(shipments.map(shipmentView)), 200);
    },
  });
}
