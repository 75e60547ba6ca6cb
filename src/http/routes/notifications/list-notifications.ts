import { createRoute, defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { cursorField, readCursor, writeCursor } from '../../../orders/cursor.ts';
import { pageLimit } from '../../../orders/query-fields.ts';
import { listMessages } from '../../../repositories/failed-messages.ts';
import type { Api } from '../../api.ts';
import { timeSchema } from '../../schemas/order-schema.ts';
import { json, needsToken, problemResponses } from '../../schemas/responses.ts';
import { notificationState, notificationType } from './notification-schema.ts';

const query = z.strictObject({
  state: notificationState.default('FAILED'),
  type: notificationType.optional(),
  order_id: z.uuid().optional().openapi({ description: 'Of which order.' }),
  limit: pageLimit,
  cursor: cursorField,
});

const listedSchema = z
  .strictObject({
    key: z.string(),
    order_id: z.uuid(),
    order_number: z.string().openapi({ example: 'ORD-00000001' }),
    type: notificationType,
    state: notificationState,
    attempts: z.int(),
    last_error: z.string().nullable().openapi({ description: 'Why it is not sent.' }),
    recipient: z
      .string()
      .nullable()
      .openapi({ description: 'The e-mail address, masked.', example: 'a***@example.com' }),
    content: z.unknown().openapi({ description: 'What it says, once it was tried; null for what the saga sends.' }),
    created_at: timeSchema,
  })
  .openapi('ListedNotification');

const pageSchema = z
  .strictObject({ data: z.array(listedSchema), next_cursor: z.string().nullable() })
  .openapi('NotificationPage');

/** `GET /notifications`: messages to customers of all orders, those that failed unless another state is asked for. */
export function listNotificationsRoute({ allow, database }: Api) {
  const route = createRoute({
    method: 'get',
    path: '/api/v1/notifications',
    operationId: 'listNotifications',
    summary: 'List messages to customers',
    description:
      'For staff: those that could not be sent and wait for a decision, the oldest first, confirmations among them; or those in another `state`.',
    tags: ['notifications'],
    security: needsToken,
    middleware: allow(...staff),
    request: { query },
    responses: { 200: json(pageSchema, 'A page of them.'), ...problemResponses(400) },
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { limit, cursor, ...filters } = c.req.valid('query');
      const after = cursor === undefined ? undefined : readCursor(cursor, [filters], (key) => key.includes(':notify:'));
      const { messages, next } = await listMessages(database.db, {
        state: filters.state,
        type: filters.type,
        orderId: filters.order_id,
        limit,
        after: after && { at: after.at, key: after.id },
      });
      const data = messages.map((message) => ({
        key: message.key,
        order_id: message.orderId,
        order_number: message.orderNumber,
        type: message.type,
        state: message.state,
        attempts: message.attempts,
        last_error: message.lastError,
        recipient: message.recipient,
        content: message.content,
        created_at: message.createdAt.toISOString(),
      }));
      return c.json({ data, next_cursor: next ? writeCursor({ at: next.at, id: next.key }, [filters]) : null }, 200);
    },
  });
}
