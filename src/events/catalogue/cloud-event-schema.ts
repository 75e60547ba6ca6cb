import { EVENT_SOURCE, type EventType } from '../../domain/order-event.ts';
import { eventSchemas } from './catalogue.ts';
import { exampleOf, type JsonSchema } from './json-schemas.ts';

/** The JSON Schema of a CloudEvent of this type in structured mode, whose data `data` describes. */
export function cloudEventSchema(type: EventType, data: JsonSchema): JsonSchema {
  return {
    type: 'object',
    description: eventSchemas[type].description ?? '',
    properties: {
      specversion: { const: '1.0' },
      id: { type: 'string', description: 'The same whenever this event is sent.' },
      source: { const: EVENT_SOURCE },
      type: { const: type },
      subject: {
        type: 'string',
        format: 'uuid',
        description: 'The id of what it is about: an order, unless the type says otherwise.',
      },
      time: { type: 'string', format: 'date-time', description: 'When it happened.' },
      datacontenttype: { const: 'application/json' },
      traceparent: { type: 'string', description: 'The W3C trace context of the order, where something is traced.' },
      data,
    },
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'datacontenttype', 'data'],
  };
}

/** An event of this type as it is sent in structured mode. */
export function cloudEventExample(type: EventType) {
  const data = exampleOf(eventSchemas[type]);
  return {
    specversion: '1.0',
    id: '42',
    source: EVENT_SOURCE,
    type,
    subject: subjectOf(data),
    time: '2026-11-21T09:30:00.000Z',
    datacontenttype: 'application/json',
    data,
  };
}

function subjectOf(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return undefined;
  if ('order_id' in data) return data.order_id;
  return 'endpoint_id' in data ? data.endpoint_id : undefined;
}
