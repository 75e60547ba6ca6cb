import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { orderStatuses } from '../../../domain/order-status.ts';
import { MAX_TRACKING } from '../../../domain/text-rules.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { changeStatus } from '../../../orders/change-status.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { line, reason } from '../../../orders/text-schemas.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';
import { staff } from '../../../domain/caller.ts';
import { itemQuantitiesRequest } from '../../../orders/order-request.ts';

const trackingSchema = z
  .strictObject({ carrier: line(MAX_TRACKING).optional(), number: line(MAX_TRACKING).optional() })
  .openapi('TrackingRequest', { example: { carrier: 'DHL', number: 'JD014600003' } });

const statusRequestSchema = z
  .strictObject({
    status: z.enum(orderStatuses),
    reason,
    tracking: z
      .union([trackingSchema, line(MAX_TRACKING)], 'must be a tracking number, or an object of "carrier" and "number"')
      .optional()
      .openapi({ description: 'How the goods travel; a text is the number.' }),
    items: itemQuantitiesRequest.optional().openapi({
      description: 'With SHIPPED: what leaves with this shipment. The order becomes SHIPPED when nothing is left.',
    }),
  })
  .openapi('StatusRequest');

/** `PUT /orders/{id}/status`: staff move an order through fulfilment, or cancel it. */
export function changeStatusRoute(api: Api) {
  const route = createRoute({
    method: 'put',
    path: '/api/v1/orders/{id}/status',
    operationId: 'changeStatus',
    summary: 'Change the status of an order by hand',
    description:
      'Takes PROCESSING, SHIPPED, DELIVERED and CANCELLED in their order; everything else is the outcome of a saga.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow(...staff),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: statusRequestSchema } } },
    },
    responses: {
      ...outcomeResponses(200, 'The order has the status.', 'The change is under way.'),
      ...problemResponses(...bodyStatuses, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const request = c.req.valid('json');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const outcome = await changeStatus(api.orders, caller, order, request, key);
      return answerOutcome(c, outcome, 200);
    },
  });
}
