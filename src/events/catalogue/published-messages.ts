import {
  CLOUD_EVENT_TYPE,
  eventTypes,
  orderEventTypes,
  paymentEventTypes,
  type EventType,
} from '../../domain/order-event.ts';
import { eventSchemas } from './catalogue.ts';
import { cloudEventExample } from './cloud-event-schema.ts';
import { dataName, exampleOf, schemaName } from './json-schemas.ts';
import {
  binaryHeaders,
  schemaRef,
  signatureExample,
  signatureHeaders,
  toHeaders,
  type Message,
} from './message-parts.ts';

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
