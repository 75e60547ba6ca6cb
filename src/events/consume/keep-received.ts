import { isJsonObject } from '../../domain/read-message.ts';
import type { NewInboxEvent } from '../../repositories/inbox.ts';
import type { Db } from '../../repositories/schema.ts';
import type { InboundChannel } from '../catalogue/inbound-events.ts';
import { unreadableMessage, type InboundMessage } from './inbound-message.ts';
import { storeMessages } from './receive-message.ts';

/** A message of a broker, before anybody has checked what it says. */
export interface BrokerMessage {
  readonly channel: InboundChannel;
  /** The event in the JSON form of CloudEvents; `undefined` when the message holds none. */
  readonly event: Readonly<Record<string, unknown>> | undefined;
  /** Why the message holds no event, for people; `undefined` when it does. */
  readonly fault: string | undefined;
  /** Names the message when it has no id of its own. */
  readonly place: string;
  /** The message as it came, as far as it is kept when nothing can be done with it. */
  readonly body: string;
}

/**
 * Keeps messages of a broker in the inbox, each once, for the runner, which `wake` has look there. What is no event is kept as a dead letter;
 * an event of a type that means nothing here is not kept.
 */
export function createReceiver(db: Db, wake: () => void): (messages: readonly BrokerMessage[]) => Promise<void> {
  return async (messages) => {
    const events: InboundMessage[] = [];
    const unreadable: NewInboxEvent[] = [];
    for (const message of messages) {
      const read = readEvent(message);
      if (typeof read === 'string') unreadable.push(asUnreadable(message, read));
      else events.push(read);
    }
    await storeMessages(db, events, unreadable);
    wake();
  };
}

/** The event that a message holds, or why it holds none. */
function readEvent({ channel, event, fault }: BrokerMessage): InboundMessage | string {
  if (fault !== undefined) return fault;
  if (!isJsonObject(event)) return 'It is no CloudEvent.';
  const { id, source, type, data } = event;
  if (!isAttribute(id) || !isAttribute(source) || !isAttribute(type)) {
    return `It has no "id", "source" and "type" of 1 to ${MAX_LENGTH} characters.`;
  }
  return { channel, source: `kafka:${source}`, id, type, data };
}

function asUnreadable({ channel, event, place, body }: BrokerMessage, fault: string): NewInboxEvent {
  const type = isAttribute(event?.['type']) ? event['type'] : undefined;
  return unreadableMessage({ source: `kafka:${channel}`, id: place, type }, body, fault);
}

/** Longer ones would not fit into an index. */
const MAX_LENGTH = 255;

function isAttribute(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_LENGTH && !value.includes('\u0000');
}
