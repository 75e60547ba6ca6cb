import type { MessageToProduce } from '@platformatic/kafka';
import type { KafkaConfig } from '../../config.ts';
import type { OrderEvent } from '../../domain/order-event.ts';
import { cloudEventAttributes } from '../cloud-event.ts';

/** The topic of a type of event; `undefined` for those that don't go to Kafka. */
export function topicOf(type: string, topics: KafkaConfig['topics']): string | undefined {
  if (type.startsWith('order.')) return topics.orders;
  return type.startsWith('payment.') ? topics.payments : undefined;
}

/** The event as a message in CloudEvents' binary mode: its attributes are headers, its data the value, and its subject the key. */
export function toMessage(event: OrderEvent, topic: string): MessageToProduce {
  const { datacontenttype, ...attributes } = cloudEventAttributes(event);
  const headers = [
    ...Object.entries(attributes).map(([name, text]) => [`ce_${name}`, text] as const),
    ['content-type', datacontenttype] as const,
    // Also where those look who trace messages that are no CloudEvents.
    ...(attributes.traceparent === undefined ? [] : [['traceparent', attributes.traceparent] as const]),
  ];
  return {
    topic,
    key: Buffer.from(event.subjectId),
    value: Buffer.from(JSON.stringify(event.payload)),
    headers: new Map(headers.map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
  };
}
