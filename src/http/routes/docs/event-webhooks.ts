import type { OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { CLOUD_EVENT_TYPE, eventTypes, type EventType } from '../../../domain/order-event.ts';
import { eventSchemas } from '../../../events/catalogue/catalogue.ts';
import { cloudEventExample, cloudEventSchema } from '../../../events/catalogue/cloud-event-schema.ts';
import { changeFields, moneyFields, orderFields } from '../../../events/catalogue/fields.ts';
import { dataName, schemaName, toJsonSchema, type JsonSchema } from '../../../events/catalogue/json-schemas.ts';
import type { ApiEnv } from '../../env.ts';
import { webhookHeaders } from '../../schemas/webhook-body.ts';

/** Describes what the product sends by itself, beside what it answers: each type of event, as the catalogue has it. */
export function describeEventWebhooks({ openAPIRegistry: registry }: OpenAPIHono<ApiEnv>): void {
  for (const [name, schema] of Object.entries(bases)) registry.registerComponent('schemas', name, schema);
  for (const type of eventTypes) {
    const data = dataName(type);
    const name = schemaName(type);
    registry.registerComponent('schemas', data, onItsBase(toJsonSchema(eventSchemas[type]), baseOf(type)));
    registry.registerComponent('schemas', name, {
      ...cloudEventSchema(type, { $ref: `#/components/schemas/${data}` }),
      example: cloudEventExample(type),
    });
    registry.registerWebhook({
      method: 'post',
      path: type,
      operationId: `receive${name}`,
      summary: `Hear of \`${type}\``,
      description: `${eventSchemas[type].description}${delivery}`,
      tags: ['events'],
      security: [{ webhookSignature: [] }],
      request: {
        headers: webhookHeaders,
        body: {
          required: true,
          content: { [CLOUD_EVENT_TYPE]: { schema: { $ref: `#/components/schemas/${name}` } } },
        },
      },
      responses: {
        '2XX': { description: 'It has been received, and is not sent again.' },
        default: { description: 'It has not been received, and is sent again later.' },
      },
    });
  }
}

/** What many types tell alike, said once. */
const bases = {
  OrderEventData: { ...toJsonSchema(z.object(changeFields)), description: 'What the event of any change tells.' },
  PaymentEventData: {
    ...toJsonSchema(z.object({ ...orderFields, ...moneyFields })),
    description: 'What the event of any charge or refund tells.',
  },
};

function baseOf(type: EventType): keyof typeof bases | undefined {
  if (type.startsWith('order.')) return 'OrderEventData';
  return type.startsWith('payment.') ? 'PaymentEventData' : undefined;
}

/** The same schema, written as what it adds to its base. */
function onItsBase(schema: JsonSchema, base: keyof typeof bases | undefined): JsonSchema {
  if (base === undefined) return schema;
  const { description, examples, ...fields } = schema;
  const own = without(fields, bases[base]);
  return { description, examples, allOf: [{ $ref: `#/components/schemas/${base}` }, ...own] };
}

function without({ properties, required, ...rest }: Fields, base: Fields): JsonSchema[] {
  const own = Object.entries(properties ?? {}).filter(
    ([field, told]) => JSON.stringify(told) !== JSON.stringify(base.properties?.[field]),
  );
  const names = own.map(([field]) => field).filter((field) => required?.includes(field));
  if (own.length === 0) return [];
  return [{ ...rest, properties: Object.fromEntries(own), ...(names.length > 0 && { required: names }) }];
}

/** The fields of an object's schema. */
interface Fields extends JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const delivery =
  '\n\nSent as a CloudEvent (https://cloudevents.io), signed as a Standard Webhook. At least once each, and each order in order: ' +
  'tell repetitions by `webhook-id`, which is the id of the event. What is not answered with 2xx in time is sent again.';
