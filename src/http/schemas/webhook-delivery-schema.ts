import { z } from '@hono/zod-openapi';
import { deliveryStates } from '../../domain/event-delivery.ts';
import type { LoggedDelivery } from '../../repositories/delivery-log.ts';
import { timeSchema } from './order-schema.ts';

/** A delivery on the wire. */
export const deliverySchema = z
  .strictObject({
    event_id: z
      .string()
      .openapi({ description: "The event's id, which is the `webhook-id` of each attempt.", example: '42' }),
    type: z.string().openapi({ example: 'order.confirmed' }),
    order_id: z.uuid().openapi({ description: 'What the event is about: an order, or an endpoint.' }),
    state: z.enum(deliveryStates).openapi({
      description:
        'PENDING: not received yet. DEAD: given up after `WEBHOOK_DEAD_AFTER`, until it is redelivered. SKIPPED: never sent.',
    }),
    attempts: z.int(),
    response_status: z.int().nullable().openapi({ description: 'Of the last attempt; null when there was no answer.' }),
    duration_ms: z.int().nullable().openapi({ description: 'Of the last attempt, in milliseconds.' }),
    last_error: z.string().nullable(),
    created_at: timeSchema,
    last_attempt_at: timeSchema.nullable(),
    next_attempt_at: timeSchema.nullable().openapi({ description: 'Only of one that is PENDING.' }),
    delivered_at: timeSchema.nullable(),
  })
  .openapi('WebhookDelivery');

/** A delivery as clients see it. */
export function deliveryView(delivery: LoggedDelivery): z.output<typeof deliverySchema> {
  return {
    event_id: String(delivery.eventId),
    type: delivery.type,
    order_id: delivery.subjectId,
    state: delivery.state,
    attempts: delivery.attempts,
    response_status: delivery.responseStatus,
    duration_ms: delivery.durationMs,
    last_error: delivery.lastError,
    created_at: delivery.createdAt.toISOString(),
    last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
    next_attempt_at: delivery.state === 'PENDING' ? delivery.nextAttemptAt.toISOString() : null,
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
  };
}
