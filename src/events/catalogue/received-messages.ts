import { inboundExamples } from './inbound-examples.ts';
import { inboundSchemas, inboundTypes, type InboundType } from './inbound-events.ts';
import { receivedName } from './json-schemas.ts';
import {
  binaryHeaders,
  schemaRef,
  signatureExample,
  signatureHeaders,
  toHeaders,
  type Message,
} from './message-parts.ts';

/** What other services tell: each type by Kafka and by webhook. */
export function receivedMessages(): Record<string, Message> {
  const types = Object.values(inboundTypes).flat();
  return {
    ...Object.fromEntries(types.map((type) => [receivedName(type), receivedByKafka(type)])),
    ...Object.fromEntries(types.map((type) => [`${receivedName(type)}Webhook`, receivedByWebhook(type)])),
  };
}

function receivedByKafka(type: InboundType): Message {
  const attributes = { specversion: '1.0', id: 'evt_0199c1d2', source: '/services', type };
  return {
    ...aboutReceived(type),
    contentType: 'application/json',
    headers: binaryHeaders(type),
    payload: schemaRef(receivedName(type)),
    examples: [{ headers: toHeaders(attributes), payload: inboundExamples[type] }],
  };
}

function receivedByWebhook(type: InboundType): Message {
  const example = { type, timestamp: '2026-11-21T09:30:02.000Z', data: inboundExamples[type] };
  return {
    ...aboutReceived(type),
    contentType: 'application/json',
    headers: signatureHeaders,
    payload: {
      type: 'object',
      required: ['type', 'data'],
      properties: {
        type: { const: type },
        timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' },
        data: schemaRef(receivedName(type)),
      },
    },
    examples: [{ headers: signatureExample, payload: example }],
  };
}

function aboutReceived(type: InboundType) {
  return { name: type, title: type, summary: inboundSchemas[type].description ?? '' };
}
