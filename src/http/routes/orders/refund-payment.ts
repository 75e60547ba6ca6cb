import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { refundPayment } from '../../../orders/refund-payment.ts';
import { answerOutcome, outcomeResponses } from '../../answer-outcome.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, needsToken, problemResponses } from '../../schemas/responses.ts';
import { reason } from '../../../orders/text-schemas.ts';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';

const refundSchema = z
  .strictObject({
    amount: z
      .string()
      .regex(/^\d{1,16}(\.\d{1,4})?$/, 'must be a decimal amount such as 12.50, without a sign')
      .openapi({ description: "More than 0, with no more decimals than the order's currency has.", example: '5.00' }),
    reason,
    notify: z.boolean().default(false).openapi({ description: 'Whether the customer is sent a message.' }),
  })
  .openapi('RefundRequest');

/** `POST /orders/{id}/refunds`: gives money back without goods. */
export function refundPaymentRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/refunds',
    operationId: 'refundPayment',
    summary: 'Refund an amount without goods',
    description:
      'Goodwill, shipping, or whatever else is to go back by amount, also long after the order is over. Never more than was captured, less what ' +
      'went back and what is on its way back. A refund that is answered with 201 or 202 is on record and will be made, whatever fails meanwhile; ' +
      'a later return gives back what is left at most.',
    tags: ['orders'],
    security: needsToken,
    middleware: api.allow('support', 'admin'),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: refundSchema } } },
    },
    responses: {
      ...outcomeResponses(201, 'The money is on its way back to the customer.', 'The refund is under way.'),
      ...problemResponses(...bodyStatuses, 404, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const key = c.req.valid('header')['Idempotency-Key'];
      const outcome = await refundPayment(api.orders, caller, order, c.req.valid('json'), key);
      return answerOutcome(c, outcome, 201);
    },
  });
}
