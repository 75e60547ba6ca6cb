import { maskCardNumbers } from '../../domain/card-number.ts';
import { isUuid } from '../../domain/uuid.ts';
import type { NewInboxEvent } from '../../repositories/inbox.ts';
import { isJsonObject } from '../../domain/read-message.ts';
import { inboundTypes, isInboundType, type InboundChannel } from '../catalogue/inbound-events.ts';
import { readInboundEvent, type InboundFault } from '../catalogue/read-inbound-event.ts';

/** An event as it came from another service, from Kafka or by a webhook. */
export interface InboundMessage {
  /** Which service's events these are. */
  readonly channel: InboundChannel;
  /** Who sent it; an event is known by this and its id. */
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** What a message is to the inbox; `undefined` when it is of a type that means nothing here. */
export function readMessage(
  message: InboundMessage,
): { row: NewInboxEvent; faults: readonly InboundFault[] } | undefined {
  const { channel, source, id, type, data } = message;
  if (!isInboundType(type) || !inboundTypes[channel].includes(type)) return undefined;
  const read = readInboundEvent(type, data);
  const subjectId = subjectOf(data);
  const row = { source, id, type, subjectId };
  if ('faults' in read) {
    const fault = read.faults.map(({ pointer, message: what }) => `${pointer || 'data'}: ${what}`).join('; ');
    return { row: { ...row, payload: bounded(data), fault }, faults: read.faults };
  }
  const fault = subjectId === null ? '/order_id: is not the id of an order' : undefined;
  return { row: { ...row, payload: read.data, fault }, faults: [] };
}

/** What came and can't be read as an event at all, for the inbox; nothing is lost. */
export function unreadableMessage(
  {
    source,
    id,
    type = 'unknown',
  }: { readonly source: string; readonly id: string; readonly type?: string | undefined },
  raw: string,
  fault: string,
): NewInboxEvent {
  return { source, id, type, subjectId: null, payload: bounded(raw), fault };
}

function subjectOf(data: unknown): string | null {
  const orderId = isJsonObject(data) ? data['order_id'] : undefined;
  return typeof orderId === 'string' && isUuid(orderId) ? orderId : null;
}

/** The most of a message that is kept when it can't be read, in characters. */
const MAX_KEPT = 20_000;

/** PostgreSQL keeps neither NUL nor half a surrogate pair. */
function bounded(value: unknown): unknown {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const storable = maskCardNumbers(text.slice(0, MAX_KEPT).toWellFormed().replaceAll('\u0000', ' '));
  if (typeof value === 'string' || text.length > MAX_KEPT) return { raw: storable };
  try {
    return JSON.parse(storable.replaceAll(String.raw`\u0000`, ' '));
  } catch {
    return { raw: storable };
  }
}
