import { z } from '@hono/zod-openapi';
import { orderEventTypes, paymentEventTypes } from '../../domain/order-event.ts';
import { dataName } from '../../events/catalogue/json-schemas.ts';

/** The types of the events that an order's stream has. */
const streamedTypes = [...orderEventTypes, ...paymentEventTypes];

const id = z
  .string()
  .openapi({ description: 'Send the last one as `Last-Event-ID` to go on behind it.', example: '42' });

/** Text that holds JSON of a documented kind: `contentSchema` of JSON Schema 2020-12. */
function jsonText(contentSchema: object) {
  const content = { contentMediaType: 'application/json', contentSchema };
  return z.string().openapi({ ...content });
}

/** A schema that the document has a name for. */
function named(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

/** One event of an order's stream. */
export const orderStreamEventSchema = z
  .union([
    z.strictObject({ id, event: z.literal('order.snapshot'), data: jsonText(named('Order')) }),
    ...streamedTypes.map((type) =>
      z.strictObject({ id, event: z.literal(type), data: jsonText(named(dataName(type))) }),
    ),
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
