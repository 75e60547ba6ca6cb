import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderBodySchema } from '../../schemas/order-body.ts';
import { refusalOf, settledOrder } from '../../../orders/order-outcome.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { placeOrder } from '../../../orders/place-order.ts';
import { patienceOf } from '../../schemas/prefer.ts';
import { bodyStatuses, json, needsToken, placedOrderHeaders, problemResponses } from '../../schemas/responses.ts';
import type { OrderWithItems } from '../../../domain/order.ts';
import { hashRequest } from '../../../orders/idempotency.ts';
import { loggable } from '../../../logger.ts';

/** `POST /orders`: accepts an order, has its saga started and waits a while for the outcome. */
export function createOrder(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders',
    operationId: 'createOrder',
    summary: 'Place an order',
    description:
      'Answers as soon as the outcome is known, and with 202 when it takes longer than `ORDER_WAIT`. `Prefer: respond-async` ' +
      'answers 202 at once, `Prefer: wait=N` waits up to N (at most 30) seconds. ORD002 and ORD003 come with the id of the order.',
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
      body: { required: true, content: { 'application/json': { schema: orderBodySchema(api.config.order) } } },
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

      const placed = await api.acceptance(() => placeOrder(api, caller, c.req.valid('json'), keyed));
      if (!placed.repeated) startSaga(api, placed.order, patience.waitMs > 0);
      const order = await settledOrder(api, placed.order, patience.waitMs, isSettled);

      const refusal = refusalOf(order);
      if (refusal) throw refusal;
      const headers = {
        Location: `/api/v1/orders/${order.id}`,
        ETag: entityTag(order),
        ...(patience.applied !== undefined && { 'Preference-Applied': patience.applied }),
      };
      // An order that was confirmed once stays a success, whatever became of it since.
      return order.confirmedAt ? c.json(orderView(order), 201, headers) : c.json(orderView(order), 202, headers);
    },
  });
}

function isSettled(order: OrderWithItems): boolean {
  return order.status !== 'PENDING';
}

/** Not awaited, and its failure does not matter: the relay starts what is not started here. */
function startSaga({ commands, logger }: Api, order: OrderWithItems, isAwaited: boolean): void {
  commands.start(order, { isAwaited }).catch((error: unknown) => {
    logger.info({ order_id: order.id, err: loggable(error) }, 'saga not started, left to the relay');
  });
}
