import { defineOpenAPIRoute, z } from '@hono/zod-openapi';
import { staff } from '../../../domain/caller.ts';
import { comparedLine, reason } from '../../../orders/text-schemas.ts';
import { retryMessages, skipMessages } from '../../../repositories/failed-messages.ts';
import type { Api } from '../../api.ts';
import { decisionOperation, type DecisionDocs } from '../../schemas/decision-operation.ts';
import { notificationType } from './notification-schema.ts';

const requestSchema = z
  .strictObject({
    key: comparedLine(400).optional(),
    type: notificationType.optional(),
    order_id: z.uuid().optional(),
    reason,
  })
  .refine(({ key, type, order_id }) => [key, type, order_id].some((one) => one !== undefined), {
    message: 'must say which: key, type or order_id',
  })
  .openapi('FailedNotificationsRequest', {
    description: 'Which messages that failed, by all that is given.',
    example: { type: 'ORDER_SHIPPED', reason: 'the mail server is back' },
  });

const answerSchema = z
  .strictObject({ notifications: z.int().openapi({ description: 'How many that were.' }) })
  .openapi('DecidedNotifications');

/** `POST /notifications/retry` and `POST /notifications/skip`: staff decide about messages that failed. */
export function decideNotificationsRoutes(api: Api) {
  return [
    decideRoute(api, {
      action: 'retry',
      operationId: 'retryNotifications',
      summary: 'Send messages again that failed',
      description:
        'Each under its key, so that one which had arrived does not arrive twice. What is no longer true is not sent.',
    }),
    decideRoute(api, {
      action: 'skip',
      operationId: 'skipNotifications',
      summary: 'Drop messages that failed',
      description: 'They are not sent, and stay on record with the reason.',
    }),
  ] as const;
}

function decideRoute({ allow, database }: Api, docs: DecisionDocs) {
  const { action } = docs;
  const route = decisionOperation(docs, {
    tag: 'notifications',
    middleware: allow(...staff),
    body: requestSchema,
    answer: answerSchema,
    answered: 'It is done.',
  });
  return defineOpenAPIRoute({
    route,
    handler: async (c) => {
      const { reason: why, key, type, order_id: orderId } = c.req.valid('json');
      const { actor } = c.get('caller');
      const filter = { key, type, orderId };
      const notifications =
        action === 'retry'
          ? await retryMessages(database.db, filter, actor)
          : await skipMessages(database.db, filter, `dropped by ${actor}: ${why}`, actor);
      return c.json({ notifications }, 200);
    },
  });
}
