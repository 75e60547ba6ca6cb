import { z } from '@hono/zod-openapi';
import { deliveryStates } from '../../../domain/event-delivery.ts';
import { moment, comparedLine } from '../../../orders/text-schemas.ts';
import type { EventDelivery } from '../../../repositories/list-deliveries.ts';
import { timeSchema } from '../../schemas/order-schema.ts';

const sink = comparedLine(100).openapi({
  description: 'The sink: `webhooks` for all webhook endpoints, `webhook:` and its id for one of them.',
  example: 'webhooks',
});

const state = z.enum(deliveryStates).openapi({
  description:
    '`PENDING`: it is tried again, or waits behind an earlier event of its order. `DELIVERED`. `DEAD`: a dead letter, rejected ' +
    'for the last time. `SKIPPED`: an operator decided that the sink never gets it.',
});

const type = comparedLine(100).openapi({ description: 'The type of the event.', example: 'order.confirmed' });

const eventId = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the id of an event')
  .openapi({ description: 'The id of the event.', example: '4711' });

/** What deliveries are listed by; in a body they choose those that are decided on. */
export const deliveryFilters = {
  sink: sink.optional(),
  order_id: z.uuid().optional().openapi({ description: 'The id of the order that the event is about.' }),
  event_id: eventId.optional(),
  type: type.optional(),
  since: moment.openapi({
    description: 'Those whose delivery began at or after this moment.',
    example: '2026-11-01T12:00:00Z',
  }),
};

/** The filter by state of a list. */
export const stateFilter = state.optional();

/** A delivery on the wire. */
export const deliverySchema = z
  .strictObject({
    event_id: eventId,
    sink,
    receiver: z.string().nullable().openapi({
      description: 'Of a webhook endpoint its description, or else its host; null for another sink.',
      example: 'The warehouse',
    }),
    order_id: z.uuid().nullable().openapi({ description: 'Null for an event that is about no order.' }),
    order_number: z.string().nullable().openapi({ example: 'ORD-00000001' }),
    type,
    state,
    is_held: z.boolean().openapi({ description: 'Whether it waits behind an earlier event of its order.' }),
    attempts: z.int(),
    created_at: timeSchema,
    last_attempt_at: timeSchema.nullable(),
    next_attempt_at: timeSchema.nullable().openapi({ description: 'Null when it is not tried again by itself.' }),
    delivered_at: timeSchema.nullable(),
    last_error: z.string().nullable(),
    response_status: z.int().nullable(),
    duration_ms: z.int().nullable(),
    data: z.unknown().openapi({ description: 'What the event says; null once it is past `OUTBOX_RETENTION`.' }),
  })
  .openapi('EventDelivery');

/** A delivery as it is answered. */
export function deliveryView(delivery: EventDelivery): z.output<typeof deliverySchema> {
  const isTried = delivery.state === 'PENDING' && !delivery.isHeld;
  return {
    event_id: String(delivery.eventId),
    sink: delivery.sink,
    receiver: delivery.receiver,
    order_id: /^(order|payment)\./.test(delivery.type) ? delivery.subjectId : null,
    order_number: delivery.orderNumber,
    type: delivery.type,
    state: delivery.state,
    is_held: delivery.isHeld,
    attempts: delivery.attempts,
    created_at: delivery.createdAt.toISOString(),
    last_attempt_at: delivery.lastAttemptAt?.toISOString() ?? null,
    next_attempt_at: isTried ? delivery.nextAttemptAt.toISOString() : null,
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
    last_error: delivery.lastError,
    response_status: delivery.responseStatus,
    duration_ms: delivery.durationMs,
    data: delivery.data,
  };
}
