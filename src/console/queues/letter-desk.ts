import type { OrdersClient } from '../../client/client.ts';
import type { Role } from '../../domain/caller.ts';
import { staff } from '../../domain/caller.ts';
import type { WorkQueue } from '../../domain/work-queue.ts';
import { contentBox, orderLink } from '../pages/table.ts';
import { html, type Html } from '../ui/html.ts';
import { moment } from '../ui/moment.ts';
import { wordsOf } from '../ui/words.ts';

/** What is decided about messages and events that could not be delivered. */
export const letterActions = ['retry', 'skip'] as const;

export type LetterAction = (typeof letterActions)[number];

/** A message or event that waits for a decision. */
export interface Letter {
  /** Names it in forms. */
  readonly id: string;
  readonly label: string;
  readonly cells: readonly Html[];
}

/** Where messages or events of one kind are looked at and decided on. */
export interface LetterDesk {
  /** `a message`, and more of them. */
  readonly nouns: readonly [one: string, many: string];
  readonly roles: readonly Role[];
  readonly heads: readonly string[];
  readonly read: (client: OrdersClient, limit: number) => Promise<readonly Letter[]>;
  /** What each decision does, in a sentence. */
  readonly effects: Readonly<Record<LetterAction, string>>;
  /** What has been done once it is decided to retry. */
  readonly retried: string;
  /** Decides on one; resolves with how many it was, which is none when somebody else was quicker. */
  readonly decide: (client: OrdersClient, id: string, action: LetterAction, reason: string) => Promise<number>;
}

const messages: LetterDesk = {
  nouns: ['message', 'messages'],
  roles: staff,
  heads: ['Order', 'Message', 'To', 'Attempts', 'Since', 'Last error', 'Content'],
  read: async (client, limit) => {
    const { data } = await client.listNotifications({ state: 'FAILED', limit });
    return data.map((one) => ({
      id: one.key,
      label: `${wordsOf(one.type)} of ${one.order_number}`,
      cells: [
        orderLink(one),
        html`${wordsOf(one.type)}`,
        html`${one.recipient ?? ''}`,
        html`${one.attempts}`,
        moment(one.created_at, 'short'),
        html`${one.last_error ?? ''}`,
        contentBox(one.content),
      ],
    }));
  },
  effects: {
    retry:
      'Each is sent again under its key: one that had arrived does not arrive twice. What is no longer true is not sent.',
    skip: 'They are never sent, and stay on record with the reason.',
  },
  retried: 'to be sent again',
  decide: async (client, key, action, reason) => {
    const body = { key, reason };
    const { notifications } =
      action === 'retry' ? await client.retryNotifications({ body }) : await client.skipNotifications({ body });
    return notifications;
  },
};

const deadLetters: LetterDesk = {
  nouns: ['event', 'events'],
  roles: ['operator', 'admin'],
  heads: ['Event', 'Receiver', 'Order', 'Attempts', 'Since', 'Last error', 'Content'],
  read: async (client, limit) => {
    const { data } = await client.listEvents({ state: 'DEAD', limit });
    return data.map((one) => ({
      id: `${one.event_id}/${one.sink}`,
      label: `${one.type} ${one.event_id} for ${one.sink}`,
      cells: [
        html`<span class="word">${one.type}</span> <small>${one.event_id}</small>`,
        html`${one.receiver ?? one.sink}`,
        orderLink(one),
        html`${one.attempts}`,
        moment(one.created_at, 'short'),
        html`${whyDead(one.response_status, one.last_error)}`,
        contentBox(one.data),
      ],
    }));
  },
  effects: {
    retry: 'Each is sent once more, at once, and after it the events of its order that wait behind it, in order.',
    skip: 'The receiver never gets them; the later events of their orders, which waited behind them, go on.',
  },
  retried: 'to be sent again',
  decide: async (client, id, action, reason) => {
    const [eventId, sink] = cut(id, '/');
    const body = { event_id: eventId, sink, reason };
    const { events } = action === 'retry' ? await client.retryEvents({ body }) : await client.skipEvents({ body });
    return events;
  },
};

const unapplied: LetterDesk = {
  nouns: ['event', 'events'],
  roles: ['operator', 'admin'],
  heads: ['Event', 'From', 'Order', 'Attempts', 'Received', 'Why', 'Content'],
  read: async (client, limit) => {
    const { data } = await client.listInboxEvents({ state: 'DEAD', limit });
    return data.map((one) => ({
      // Without a slash in it, so that it ends at the first one.
      id: `${encodeURIComponent(one.source)}/${one.id}`,
      label: `${one.type} ${one.id} from ${one.source}`,
      cells: [
        html`<span class="word">${one.type}</span> <small>${one.id}</small>`,
        html`${one.source}`,
        orderLink(one),
        html`${one.attempts}`,
        moment(one.received_at, 'short'),
        html`${one.reason ?? ''}`,
        contentBox(one.data),
      ],
    }));
  },
  effects: {
    retry: 'Each is applied as if it had just come; one that still can’t be applied comes back here.',
    skip: 'They change nothing, and stay on record with the reason.',
  },
  retried: 'to be applied again',
  decide: async (client, id, action, reason) => {
    const [source, eventId] = cut(id, '/');
    const body = { source: decodeURIComponent(source), id: eventId, reason };
    const { events } =
      action === 'retry' ? await client.retryInboxEvents({ body }) : await client.skipInboxEvents({ body });
    return events;
  },
};

/** What the receiver answered, if the error does not say that already, and the error. */
function whyDead(status: number | null, error: string | null): string {
  if (status === null || error?.includes(String(status)) === true) return error ?? '';
  return `Answered ${status}. ${error ?? ''}`;
}

/** The text before the first mark and the text after it. */
function cut(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** The desks, by the queue that each belongs to. */
export const letterDesks: Readonly<Partial<Record<WorkQueue, LetterDesk>>> = {
  MESSAGE_FAILED: messages,
  DEAD_LETTER: deadLetters,
  UNAPPLIED_EVENT: unapplied,
};
