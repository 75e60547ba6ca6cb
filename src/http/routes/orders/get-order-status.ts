import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { allowedAfter } from '../../../domain/order-status.ts';
import type { Api } from '../../api.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderStatusSchema, paymentStatusSchema, sagaStateSchema, timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { orderReaders, findReadableOrder } from '../../../orders/find-visible-order.ts';

const statusSchema = z
  .strictObject({
    id: z.uuid(),
    order_number: z.string(),
    status: orderStatusSchema,
    payment_status: paymentStatusSchema,
    saga_state: sagaStateSchema,
    version: z.int().min(1),
    allowed: z.array(orderStatusSchema).openapi({ description: 'What may follow.' }),
    updated_at: timeSchema,
  })
  .openapi('OrderStatusReport');

/** `GET /orders/{id}/status`: where an order stands and what may follow. */
export function getOrderStatusRoute({ allow, database }: Api) {
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
      const order = await findReadableOrder(database.db, c.get('caller'), c.req.valid('param').id);
      const report = {
        id: order.id,
        order_number: order.orderNumber,
        status: order.status,
        payment_status: order.paymentStatus,
        saga_state: order.sagaState,
        version: order.version,
        allowed: [...allowedAfter(order.status)],
        updated_at: order.updatedAt.toISOString(),
      };
      return c.json(report, 200);
    },
  });
}
