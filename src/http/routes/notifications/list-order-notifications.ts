import { createRoute, defineOpenAPIRoute } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { findNotifications } from '../../../orders/find-notifications.ts';
import { readVisibleOrder } from '../../../orders/find-visible-order.ts';
import type { Api } from '../../api.ts';
import { wholeList, wholeListSchema } from '../../schemas/lists.ts';
import { orderParams } from '../../schemas/order-params.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { notificationSchema, notificationView } from './notification-schema.ts';

/** `GET /orders/{id}/notifications`: what the customer was told. */
export function listOrderNotificationsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/orders/{id}/notifications',
    operationId: 'listOrderNotifications',
    summary: 'Read what the customer was told',
    description:
      'Every message about the order, for staff: whether it was sent, how often it was tried, and why it was not. The oldest first.',
    tags: ['notifications'],
    security: needsToken,
    middleware: allow(...staff),
    request: { params: orderParams },
    responses: {
      200: json(wholeListSchema(notificationSchema), 'The messages, oldest first.'),
      ...problemResponses(404),
    },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { id } = c.req.valid('param');
      const messages = await readVisibleOrder(database.db, c.get('caller'), id, (order, from) =>
        findNotifications(from, order.id),
      );
      return c.json(wholeList(messages.map(notificationView)), 200);
    },
  });
}
