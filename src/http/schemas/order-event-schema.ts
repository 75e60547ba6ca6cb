import { z } from '@hono/zod-openapi';
import { orderEventTypes } from '../../domain/order-event.ts';
import { orderStatusSchema, orNull, paymentStatusSchema, sagaStateSchema, timeSchema } from './order-schema.ts';

/** The data of an event for the OpenAPI document. */
export const orderEventExample = {
  order_id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001',
  order_number: 'ORD-00000042',
  customer_id: 'demo',
  status: 'CONFIRMED',
  from: 'PENDING',
  payment_status: 'CAPTURED',
  saga_state: 'COMPLETED',
  version: 2,
  actor: 'system:saga',
  reason: null,
  at: '2026-11-21T09:30:00.000Z',
};

/** What an event of an order's stream tells of a change. Its name in the document is OrderEventData. */
export const orderEventDataSchema = z
  .looseObject({
    order_id: z.uuid(),
    order_number: z.string(),
    customer_id: z.string(),
    status: orderStatusSchema,
    from: orNull(orderStatusSchema).openapi({ description: 'The status before; null for a new order.' }),
    payment_status: paymentStatusSchema,
    saga_state: sagaStateSchema,
    version: z.int().min(1),
    actor: z.string().openapi({ description: 'Who made the change.', example: 'support:sam' }),
    reason: z.string().nullable(),
    at: timeSchema,
  })
  .openapi({
    description: 'The order right after a change. Some events have further fields.',
    example: orderEventExample,
  });

const id = z
  .string()
  .openapi({ description: 'Send the last one as `Last-Event-ID` to go on behind it.', example: '42' });

/** Text that holds JSON of a documented kind: `contentSchema` of JSON Schema 2020-12. */
function jsonText(contentSchema: object) {
  const content = { contentMediaType: 'application/json', contentSchema };
  return z.string().openapi({ ...content });
}

/** One event of an order's stream. */
export const orderStreamEventSchema = z
  .union([
    z.strictObject({ id, event: z.literal('order.snapshot'), data: jsonText({ $ref: '#/components/schemas/Order' }) }),
    z.strictObject({
      id,
      event: z.enum(orderEventTypes),
      data: jsonText({ $ref: '#/components/schemas/OrderEventData' }),
    }),
    z.strictObject({
      id,
      event: z.literal('end'),
      data: jsonText({ type: 'object', properties: { reason: { const: 'final' } }, required: ['reason'] }),
    }),
  ])
  .openapi('OrderStreamEvent', {
    description: 'One event of the stream.',
    example: { id: '42', event: 'end', data: '{"reason":"final"}' },
  });
