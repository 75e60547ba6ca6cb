import {
  CLOUD_EVENT_TYPE,
  eventTypes,
  orderEventTypes,
  paymentEventTypes,
  type EventType,
} from '../../domain/order-event.ts';
import { eventSchemas } from './catalogue.ts';
import { cloudEventExample } from './cloud-event-schema.ts';
import { dataName, exampleOf, schemaName, type JsonSchema } from './json-schemas.ts';

/** What is published: each type as Kafka, webhooks and streams have it. */
export function publishedMessages(): Record<string, Message> {
  const ofOrders = [...orderEventTypes, ...paymentEventTypes];
  return {
    ...Object.fromEntries(ofOrders.map((type) => [schemaName(type), binaryMessage(type)])),
    ...Object.fromEntries(eventTypes.map((type) => [`${schemaName(type)}Webhook`, structuredMessage(type)])),
    ...Object.fromEntries(ofOrders.map((type) => [`${schemaName(type)}Streamed`, streamedMessage(type)])),
    ...streamMarks,
  };
}

/** A message of the document. */
export interface Message {
  /** The type of the event. */
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly contentType?: string;
  readonly headers?: JsonSchema;
  readonly payload: JsonSchema;
  readonly bindings?: object;
  readonly examples: readonly { readonly headers?: object; readonly payload: unknown }[];
}

/** What a stream has beside events. */
export const streamMarks = {
  OrderSnapshot: {
    name: 'order.snapshot',
    title: 'order.snapshot',
    summary: 'The order as it stands, as `GET /api/v1/orders/{id}` answers it: it comes first.',
    payload: { type: 'object', required: ['id', 'status', 'version'], properties: { id: { type: 'string' } } },
    examples: [{ payload: { id: '01999a3e-5f1c-7c11-9f6e-2a40c1b1a001', status: 'CONFIRMED', version: 2 } }],
  },
  End: {
    name: 'end',
    title: 'end',
    summary: 'The order is final, and nothing more will come.',
    payload: { type: 'object', required: ['reason'], properties: { reason: { const: 'final' } } },
    examples: [{ payload: { reason: 'final' } }],
  },
};

function binaryMessage(type: EventType): Message {
  const { data, ...attributes } = cloudEventExample(type);
  return {
    ...aboutEvent(type),
    contentType: 'application/json',
    headers: binaryHeaders(type),
    payload: schemaRef(dataName(type)),
    bindings: { kafka: { key: { type: 'string', description: 'The id of what it is about.' } } },
    examples: [{ headers: toHeaders(attributes), payload: data }],
  };
}

function streamedMessage(type: EventType): Message {
  const payload = schemaRef(dataName(type));
  return { ...aboutEvent(type), payload, examples: [{ payload: exampleOf(eventSchemas[type]) }] };
}

function structuredMessage(type: EventType): Message {
  return {
    ...aboutEvent(type),
    contentType: CLOUD_EVENT_TYPE,
    headers: signatureHeaders,
    payload: schemaRef(schemaName(type)),
    examples: [{ headers: signatureExample, payload: cloudEventExample(type) }],
  };
}

function aboutEvent(type: EventType) {
  return { name: type, title: type, summary: eventSchemas[type].description ?? '' };
}

/** CloudEvents' binary mode in Kafka: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md */
function binaryHeaders(type: string) {
  return {
    type: 'object',
    required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type'],
    properties: {
      ce_specversion: { const: '1.0' },
      ce_id: { type: 'string', description: 'The same whenever this event is sent.' },
      ce_source: { type: 'string' },
      ce_type: { const: type },
      ce_subject: { type: 'string', description: 'The id of what it is about.' },
      ce_time: { type: 'string', format: 'date-time' },
      ce_traceparent: { type: 'string', description: 'W3C trace context.' },
      'content-type': { const: 'application/json' },
    },
  };
}

function toHeaders({ datacontenttype = 'application/json', ...attributes }: Readonly<Record<string, unknown>>) {
  const named = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]);
  return { ...Object.fromEntries(named), 'content-type': datacontenttype };
}

/** https://www.standardwebhooks.com */
const signatureHeaders = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'The same whenever this message is sent.' },
    'webhook-timestamp': { type: 'string', description: 'Seconds since 1970 at which it was signed.' },
    'webhook-signature': { type: 'string', description: '`v1,` and the signature in base64; several with spaces.' },
  },
};

const signatureExample = {
  'webhook-id': '42',
  'webhook-timestamp': '1795253400',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
};

function schemaRef(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}
