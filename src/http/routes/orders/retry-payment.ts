import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { retryPayment } from '../../../orders/retry-payment.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { eitherPayment, paymentFields, requireOnePayment } from '../../../orders/payment-methods.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';

const paymentSchema = z
  .strictObject(paymentFields)
  .superRefine((body, context) => requireOnePayment(body, context), { when: () => true })
  .openapi('PaymentRequest', { oneOf: eitherPayment, example: { payment_method: 'tok_ok' } });

/** `POST /orders/{id}/payment`: offers another payment method, or several, after one was declined. */
export function retryPaymentRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/payment',
    operationId: 'retryPayment',
    summary: 'Pay with another payment method',
    description:
      'Possible while the order is PAYMENT_FAILED, until `payment_retry_until`, so often as `PAYMENT_DECLINES_PER_ORDER` and `PAYMENT_DECLINES_PER_CUSTOMER` allow. ' +
      'Possible as well while it is CONFIRMED or PROCESSING with the `payment_status` FAILED: its goods could not be shipped, since what was authorised for them had expired ' +
      'and was declined anew. What is not held any more is authorised then, with one payment method, and the goods can be shipped.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('customer', 'service', 'admin'),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: paymentSchema } } },
    },
    responses: {
      ...outcomeResponses(
        200,
        'The order is paid and confirmed, or its goods can be shipped.',
        'The outcome is still open.',
      ),
      ...problemResponses(...bodyStatuses, 402, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const before = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const outcome = await retryPayment(api.orders, caller, before, c.req.valid('json'), key);
      return answerOutcome(c, outcome, 200);
    },
  });
}
