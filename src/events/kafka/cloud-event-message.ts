import type { Message } from '@platformatic/kafka';
import type { InboundChannel } from '../catalogue/inbound-events.ts';
import type { BrokerMessage } from '../consume/keep-received.ts';

/** What is kept of a message that is no event: enough to recognise it, and bounded whoever sent it. */
const KEPT_BYTES = 16_384;

/** Where a message stands and what it holds, as the consumer has read it. */
export interface ConsumedMessage extends Pick<Message, 'topic' | 'partition' | 'offset'> {
  /** None in a message that deletes its key. */
  readonly value: Buffer | undefined;
  readonly headers: ReadonlyMap<Buffer | undefined, Buffer | undefined>;
}

/** Reads a message of Kafka as a CloudEvent, in binary or structured mode (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md). */
export function readCloudEvent(
  { topic, partition, offset, value, headers }: ConsumedMessage,
  channel: InboundChannel,
): BrokerMessage {
  const place = `${topic}/${partition}/${offset}`;
  const body = value?.subarray(0, KEPT_BYTES).toString().replaceAll('\0', '') ?? '';
  const none = (fault: string): BrokerMessage => ({ channel, event: undefined, fault, place, body });
  if (value === undefined || value === null) return none('The message has no value.');
  let event: BrokerMessage['event'];
  try {
    event = toJsonFormat(JSON.parse(value.toString()), readHeaders(headers));
    if (UNSTORABLE.test(JSON.stringify(event) ?? '')) return none('It holds characters that are no text.');
  } catch {
    return none('The value is no JSON.');
  }
  if (event === undefined) return none('There are neither ce_ headers nor a value in the JSON format of CloudEvents.');
  return { channel, event, fault: undefined, place, body };
}

/** What PostgreSQL keeps in no JSON: the character NUL and halves of surrogate pairs. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

function toJsonFormat(data: unknown, headers: ReadonlyMap<string, string>): BrokerMessage['event'] {
  // Some senders leave the content type of structured mode out: the event says itself that it is one.
  if (!headers.has('ce_specversion')) return isRecord(data) && 'specversion' in data ? data : undefined;
  const attributes = [...headers].flatMap(([name, text]) => (name.startsWith('ce_') ? [[name.slice(3), text]] : []));
  const type = headers.get('content-type');
  return { ...Object.fromEntries(attributes), ...(type !== undefined && { datacontenttype: type }), data };
}

function readHeaders(headers: ConsumedMessage['headers']): Map<string, string> {
  return new Map([...headers].map(([name, value]) => [String(name ?? '').toLowerCase(), String(value ?? '')]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
