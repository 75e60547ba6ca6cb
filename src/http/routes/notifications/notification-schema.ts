import { z } from '@hono/zod-openapi';
import { messageStates, type OrderMessage } from '../../../domain/order-message.ts';
import { notificationTypes } from '../../../domain/order-notification.ts';
import { timeSchema } from '../../schemas/order-schema.ts';

/** The type of a message to a customer. */
export const notificationType = z.enum(notificationTypes).openapi({
  description: 'What the customer is told.',
  example: 'ORDER_SHIPPED',
});

/** How far a message to a customer is. */
export const notificationState = z.enum(messageStates).openapi({
  description:
    '`PENDING`: it is to be sent, or sent again. `SENT`. `FAILED`: it could not be sent, and waits for a decision. `SKIPPED`: it was not true any more ' +
    'when it was to go, there was nobody to send it to, or somebody dropped it; `last_error` says why.',
});

/** A message to a customer about an order. */
export const notificationSchema = z
  .strictObject({
    key: z.string().openapi({ description: 'It is sent once under this key.' }),
    type: notificationType,
    state: notificationState,
    attempts: z.int(),
    last_error: z.string().nullable().openapi({ description: 'Why it is not sent.' }),
    recipient: z.string().nullable().openapi({
      description:
        'The e-mail address, masked; null before it was tried, and where the notification service finds the address by itself.',
      example: 'a***@example.com',
    }),
    content: z
      .unknown()
      .openapi({ description: 'What it says, once it was tried; null before, and for what the saga sends.' }),
    requested_by: z.string().nullable().openapi({ description: 'Who asked for it, or decided about it.' }),
    created_at: timeSchema,
    next_attempt_at: timeSchema.nullable(),
    sent_at: timeSchema.nullable(),
  })
  .openapi('Notification');

/** A message as staff see it. */
export function notificationView(message: OrderMessage) {
  return {
    key: message.key,
    type: message.type,
    state: message.state,
    attempts: message.attempts,
    last_error: message.lastError,
    recipient: message.recipient,
    content: message.content,
    requested_by: message.requestedBy,
    created_at: message.createdAt.toISOString(),
    next_attempt_at: message.state === 'PENDING' ? message.nextAttemptAt.toISOString() : null,
    sent_at: message.sentAt && message.sentAt.toISOString(),
  };
}
