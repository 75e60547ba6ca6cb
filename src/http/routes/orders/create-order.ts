import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { completePlacing } from '../../../orders/order-outcome.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../../orders/order-view.ts';
import { placeOrder } from '../../../orders/place-order.ts';
import { patienceOf } from '../../../access/prefer.ts';
import { bodyStatuses, json, needsToken, placedOrderHeaders, problemResponses } from '../../schemas/responses.ts';
import { hashRequest } from '../../../orders/idempotency.ts';
import { orderRequestSchema } from '../../../orders/order-request.ts';

/** `POST /orders`: accepts an order, starts its saga and waits a while for the outcome. */
export function createOrderRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders',
    operationId: 'createOrder',
    summary: 'Place an order',
    description:
      'Answers as soon as the outcome is known, and with 202 when it takes longer than `ORDER_WAIT`. `Prefer: respond-async` ' +
      'answers 202 at once, `Prefer: wait=N` waits up to N (at most 30) seconds. ORD002, ORD003 and ORD007 come with the id of the order.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', 'service', 'admin'),
    request: {
      headers: z.object({
        'Idempotency-Key': idempotencyHeader,
        Prefer: z
          .string()
          .optional()
          .openapi({ description: '`respond-async` or `wait=N` (RFC 7240).', example: 'wait=10' }),
      }),
      body: { required: true, content: { 'application/json': { schema: orderRequestSchema(api.config.order) } } },
    },
    responses: {
      201: json(orderSchema, 'The order is confirmed.', placedOrderHeaders),
      202: json(orderSchema, 'The order is accepted and its outcome still open.', placedOrderHeaders),
      ...problemResponses(...bodyStatuses, 402, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const { 'Idempotency-Key': key, Prefer: prefer } = c.req.valid('header');
      const keyed =
        key === undefined ? null : { subject: caller.subject, key, bodyHash: hashRequest(await c.req.json()) };
      const patience = patienceOf(prefer, api.config.order.waitMs);

      const placed = await api.acceptance(() => placeOrder(api.orders, caller, c.req.valid('json'), keyed));
      const order = await completePlacing(api.orders, placed, patience.waitMs);
      const headers = {
        Location: `/api/v1/orders/${order.id}`,
        ETag: entityTag(order),
        ...(patience.applied !== undefined && { 'Preference-Applied': patience.applied }),
      };
      // An order that was confirmed once is a success, also if it was cancelled since.
      return order.confirmedAt ? c.json(orderView(order), 201, headers) : c.json(orderView(order), 202, headers);
    },
  });
}
