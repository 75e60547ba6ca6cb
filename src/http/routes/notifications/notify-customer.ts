import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { findVisibleOrder } from '../../../orders/find-visible-order.ts';
import { notifyAgain } from '../../../orders/notify-again.ts';
import type { Api } from '../../api.ts';
import { idempotencyHeader } from '../../schemas/idempotency.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { bodyStatuses, json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { notificationSchema, notificationType, notificationView } from './notification-schema.ts';

const requestSchema = z.strictObject({ type: notificationType }).openapi('NotificationRequest');

/** `POST /orders/{id}/notifications`: has the customer told again. */
export function notifyCustomerRoute(api: Api) {
  const route = createRoute({
    method: 'post',
    path: '/api/v1/orders/{id}/notifications',
    operationId: 'notifyCustomer',
    summary: 'Tell the customer again',
    description:
      'Sends a message of this type again, as a new one: of the newest shipment, refund or return where it is about one. `ORD005` when it would not be ' +
      'true of the order as it stands. `GET /orders/{id}/notifications` shows what becomes of it.',
    tags: ['notifications'],
    security: needsToken,
    middleware: api.allow('support', 'admin'),
    request: {
      params: orderParams,
      headers: z.object({ 'Idempotency-Key': idempotencyHeader }),
      body: { required: true, content: { 'application/json': { schema: requestSchema } } },
    },
    responses: { 202: json(notificationSchema, 'It is about to be sent.'), ...problemResponses(...bodyStatuses, 404) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const caller = c.get('caller');
      const order = await findVisibleOrder(api.database.db, caller, c.req.valid('param').id);
      const { type } = c.req.valid('json');
      const idempotencyKey = c.req.valid('header')['Idempotency-Key'];
      const message = await notifyAgain(api.database.db, caller, order, { type, idempotencyKey });
      return c.json(notificationView(message), 202);
    },
  });
}
