import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { allowedAfter, canTransition, isFulfilmentStatus, orderStatuses } from '../../../domain/order-status.ts';
import type { Api } from '../../api.ts';
import { cancelled } from '../../../orders/cancel-order.ts';
import { commandOrder } from '../../../orders/command-order.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { itemQuantitiesBody } from '../../schemas/order-body.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { orderSchema } from '../../schemas/order-schema.ts';
import { entityTag, orderView } from '../../schemas/order-view.ts';
import { ProblemError } from '../../problems/problem.ts';
import { bodyStatuses, json, needsToken, orderHeaders, problemResponses } from '../../schemas/responses.ts';
import { line, reason } from '../../schemas/text.ts';
import { visibleOrder } from '../../../orders/visible-order.ts';
import { staff, type Caller } from '../../../domain/caller.ts';
import type { OrderWithItems } from '../../../domain/order.ts';
import { invalidRequest } from '../../../domain/refusal.ts';
import { claimCommandId } from '../../../orders/idempotency.ts';

const trackingSchema = z
  .strictObject({ carrier: line(100).optional(), number: line(100).optional() })
  .openapi('TrackingRequest', { example: { carrier: 'DHL', number: 'JD014600003' } });

const statusRequestSchema = z
  .strictObject({
    status: z.enum(orderStatuses),
    reason,
    tracking: z
      .union([trackingSchema, line(100)], 'must be a tracking number, or an object of "carrier" and "number"')
      .optional()
      .openapi({ description: 'How the goods travel; a text is the number.' }),
    items: itemQuantitiesBody.optional().openapi({
      description: 'With SHIPPED: what leaves with this shipment. The order becomes SHIPPED when nothing is left.',
    }),
  })
  .openapi('StatusRequest');

type StatusRequest = z.output<typeof statusRequestSchema>;

/** `PUT /orders/{id}/status`: staff move an order through fulfilment, or cancel it. */
export function changeStatus(api: Api) {
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
      200: json(orderSchema, 'The order has the status.', orderHeaders),
      202: json(orderSchema, 'The change is under way.', orderHeaders),
      ...problemResponses(...bodyStatuses, 404, 409, 422),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const request = c.req.valid('json');
      const order = await visibleOrder(api.database.db, caller, c.req.valid('param').id);
      const { after, isDone } = await changed(api, order, request, caller, c.req.valid('header')['Idempotency-Key']);
      const headers = { ETag: entityTag(after) };
      return isDone ? c.json(orderView(after), 200, headers) : c.json(orderView(after), 202, headers);
    },
  });
}

interface Changed {
  readonly after: OrderWithItems;
  /** A partial shipment is done although the order does not have the status yet. */
  readonly isDone: boolean;
}

async function changed(
  api: Api,
  order: OrderWithItems,
  request: StatusRequest,
  caller: Caller,
  key: string | undefined,
): Promise<Changed> {
  const { status, reason: why, tracking, items } = request;
  if (items && status !== 'SHIPPED') {
    throw invalidRequest([{ pointer: '/items', message: 'goes with the status SHIPPED only' }]);
  }
  if (status === 'CANCELLED') {
    const after = await cancelled(api, order, { caller, reason: why, idempotencyKey: key });
    return { after, isDone: after.status === status };
  }
  const id = await claimCommandId(
    api.database.db,
    caller,
    { target: order.id, name: 'changeStatus' },
    { key, asked: request },
  );
  if (status === order.status) return { after: order, isDone: true };
  if (!canTransition(order.status, status)) throw notAllowed(order, status, 'The status table does not allow it.');
  if (!isFulfilmentStatus(status)) throw notAllowed(order, status, 'Only the saga of the order sets it.');
  const { carrier, number } = typeof tracking === 'string' ? { number: tracking } : (tracking ?? {});
  const { order: after, reply } = await commandOrder(api, order, 'changeStatus', {
    actor: caller.actor,
    reason: why,
    command_id: id,
    status,
    ...(carrier !== undefined && { carrier }),
    ...(number !== undefined && { tracking_number: number }),
    ...(items && { items }),
  });
  return { after, isDone: reply.outcome === 'done' || after.status === status };
}

function notAllowed(order: OrderWithItems, to: StatusRequest['status'], why: string): ProblemError {
  return new ProblemError('ORD005', `The order is ${order.status} and can't be set to ${to}. ${why}`, {
    details: [{ from: order.status, to, allowed: allowedAfter(order.status) }],
    orderId: order.id,
  });
}
