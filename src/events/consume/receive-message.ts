import { createHash } from 'node:crypto';
import type { InboxState } from '../../domain/inbound-event.ts';
import { storeInboxEvents, type InboxRow, type NewInboxEvent } from '../../repositories/inbox.ts';
import type { Db } from '../../repositories/schema.ts';
import type { InboundFault } from '../catalogue/read-inbound-event.ts';
import { applyEvent, type Applied, type EventConsumer } from './apply-event.ts';
import { readMessage, type InboundMessage } from './inbound-message.ts';

/** What became of a message. `UNKNOWN_TYPE`: it means nothing here, and is not kept. */
export interface Receipt extends Pick<Applied, 'effect' | 'error' | 'reason'> {
  readonly state: InboxState | 'UNKNOWN_TYPE';
  /** Whether it had come before and is applied. */
  readonly isRepeated: boolean;
  /** What is wrong with its contents. */
  readonly faults: readonly InboundFault[];
}

/**
 * Keeps an event of another service in the inbox, once by its source and id, and applies it; one that is not applied yet is applied by
 * the runner. An id that comes again with other contents is a dead letter. Rejects when the database is away: then it has to be sent again.
 */
export async function receiveMessage(consumer: EventConsumer, message: InboundMessage): Promise<Receipt> {
  const read = readMessage(message);
  if (!read) return { state: 'UNKNOWN_TYPE', isRepeated: false, faults: [] };
  const { faults } = read;
  const [stored] = await keepEvents(consumer.db, [read.row], { isClaimed: true });
  if (!stored) throw new Error('an event that is stored is on record');
  if (stored.state === 'DEAD') {
    return { state: 'DEAD', isRepeated: false, faults, reason: stored.last_error ?? '' };
  }
  if (stored.state === 'APPLIED' || stored.state === 'IGNORED') {
    return { state: stored.state, isRepeated: true, faults };
  }
  const applied = await applyEvent(consumer, stored);
  return { ...applied, isRepeated: false, faults };
}

/**
 * Keeps messages in the inbox, each once, with what can't be read among them (`unreadableMessage`); the runner applies them. Whoever
 * received them may forget them once this resolves.
 */
export async function storeMessages(
  db: Db,
  messages: readonly InboundMessage[],
  unreadable: readonly NewInboxEvent[] = [],
): Promise<void> {
  const rows = messages.flatMap((message) => readMessage(message)?.row ?? []);
  await keepEvents(db, [...rows, ...unreadable], { isClaimed: false });
}

/** Keeps events; one whose id has come with other contents is kept beside that one, as a dead letter. Returns what is on record of each. */
async function keepEvents(
  db: Db,
  events: readonly NewInboxEvent[],
  options: { readonly isClaimed: boolean },
): Promise<InboxRow[]> {
  const kept: InboxRow[] = [];
  let left = events;
  while (left.length > 0) {
    // A statement writes a row once: what comes twice in one batch is written one after the other.
    const seen = new Set<string>();
    const round: NewInboxEvent[] = [];
    const later: NewInboxEvent[] = [];
    for (const one of left) {
      const key = keyOf(one);
      (seen.has(key) ? later : round).push(one);
      seen.add(key);
    }
    const stored = await storeInboxEvents(db, round, options);
    const others = new Set(stored.filter(({ isSame }) => !isSame).map((row) => keyOf(row)));
    kept.push(...stored.filter(({ isSame }) => isSame));
    left = [...later, ...round.filter((one) => others.has(keyOf(one))).map((one) => asReused(one))];
  }
  return kept;
}

function keyOf({ source, id }: Pick<NewInboxEvent, 'source' | 'id'>): string {
  return JSON.stringify([source, id]);
}

function asReused(event: NewInboxEvent): NewInboxEvent {
  const contents = JSON.stringify([event.type, event.payload]);
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  return { ...event, id: `${event.id}#${hash}`, fault: `event ${event.id} came before with other contents` };
}
