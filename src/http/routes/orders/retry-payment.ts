import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { RetryPaymentCommand } from '../../../domain/messages.ts';
import { allowedAfter } from '../../../domain/order-status.ts';
import type { Api } from '../../api.ts';
import { commandOrder } from '../../../orders/command-order.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { refusalOf, settledOrder } from '../../../orders/order-outcome.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { ProblemError } from '../../problems/problem.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { paymentMethod } from '../../schemas/text.ts';
import { visibleOrder } from '../../../orders/visible-order.ts';
import { hasRole, type Caller } from '../../../domain/caller.ts';
import type { OrderWithItems } from '../../../domain/order.ts';
import { claimCommandId } from '../../../orders/idempotency.ts';

const paymentSchema = z.strictObject({ payment_method: paymentMethod }).openapi('PaymentRequest');

/** `POST /orders/{id}/payment`: offers another payment method after one was declined. */
export function retryPayment(api: Api) {
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
      const before = await visibleOrder(api.database.db, caller, c.req.valid('param').id);
      requirePayer(caller, before);
      const key = c.req.valid('header')['Idempotency-Key'];
      // A keyed request may repeat one that has moved the order on: the saga knows, and gives the same answer.
      if (before.status !== 'PAYMENT_FAILED' && key === undefined) throw notAwaitingPayment(before);
      const after = await retried(api, before, {
        actor: caller.actor,
        reason: 'another payment method',
        command_id: await claimCommandId(
          api.database.db,
          caller,
          { target: before.id, name: 'retryPayment' },
          { key, asked: c.req.valid('json') },
        ),
        payment_method: c.req.valid('json').payment_method,
      });
      const headers = { ETag: entityTag(after) };
      return after.confirmedAt ? c.json(orderView(after), 200, headers) : c.json(orderView(after), 202, headers);
    },
  });
}

/** The order after the attempt, confirmed or still pending; throws ORD003 when this method is declined as well. */
async function retried(api: Api, before: OrderWithItems, command: RetryPaymentCommand): Promise<OrderWithItems> {
  const deadline = Date.now() + api.config.order.waitMs;
  const { reply, order } = await commandOrder(api, before, 'retryPayment', command);
  const isTold = reply.outcome === 'done' && reply.status !== 'PENDING';
  const isOver = (now: OrderWithItems) => isTold || (now.version > before.version && now.status !== 'PENDING');
  const after = await settledOrder(api, order, deadline - Date.now(), isOver);
  const refusal = isOver(after) ? refusalOf(after) : undefined;
  if (refusal) throw refusal;
  return after;
}

function requirePayer(caller: Caller, order: OrderWithItems): void {
  if (order.customerId === caller.subject || hasRole(caller, ['service', 'admin'])) return;
  throw new ProblemError('FORBIDDEN', 'Only the customer pays for an order.');
}

function notAwaitingPayment(order: OrderWithItems): ProblemError {
  return new ProblemError('ORD005', `The order is ${order.status} and does not wait for another payment method.`, {
    details: [{ from: order.status, to: 'PENDING', allowed: allowedAfter(order.status) }],
    orderId: order.id,
  });
}
