import type { JsonSchema } from './json-schemas.ts';

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

/** The headers of CloudEvents' binary mode in Kafka: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md */
export function binaryHeaders(type: string) {
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

/** CloudEvents attributes as headers of Kafka. */
export function toHeaders({ datacontenttype = 'application/json', ...attributes }: Readonly<Record<string, unknown>>) {
  const named = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]);
  return { ...Object.fromEntries(named), 'content-type': datacontenttype };
}

/** The headers of a Standard Webhook: https://www.standardwebhooks.com */
export const signatureHeaders = {
  type: 'object',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'The same whenever this message is sent.' },
    'webhook-timestamp': { type: 'string', description: 'Seconds since 1970 at which it was signed.' },
    'webhook-signature': { type: 'string', description: '`v1,` and the signature in base64; several with spaces.' },
  },
};

/** What the headers of a signed message look like. */
export const signatureExample = {
  'webhook-id': '42',
  'webhook-timestamp': '1795253400',
  'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
};

/** Refers to a schema of the document by its name. */
export function schemaRef(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}
