import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { retryPayment } from '../../../orders/retry-payment.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { paymentMethod } from '../../../orders/text-schemas.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';

const paymentSchema = z.strictObject({ payment_method: paymentMethod }).openapi('PaymentRequest');

/** `POST /orders/{id}/payment`: offers another payment method after one was declined. */
export function retryPaymentRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/payment',
    operationId: 'retryPayment',
    summary: 'Pay with another payment method',
    description: 'Possible while the order is PAYMENT_FAILED, until `payment_retry_until`, as often as it takes.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', 'service', 'admin'),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: paymentSchema } } },
    },
    responses: {
      200: json(orderSchema, 'The order is paid and confirmed.', orderHeaders),
      202: json(orderSchema, 'The outcome is still open.', orderHeaders),
      ...problemResponses(...bodyStatuses, 402, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const before = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const { payment_method: method } = c.req.valid('json');
      const key = c.req.valid('header')['Idempotency-Key'];
      const { order: after, isDone } = await retryPayment(api.orders, caller, before, method, key);
      const headers = { ETag: entityTag(after) };
      return isDone ? c.json(orderView(after), 200, headers) : c.json(orderView(after), 202, headers);
    },
  });
}
