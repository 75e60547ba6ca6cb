import type { OrderEvent } from '../domain/order-event.ts';
import type { Logger } from '../logger.ts';
import type { OrderChanges } from './order-changes.ts';
import { findEventsAfter, type EventPosition } from '../repositories/order-events.ts';
import type { Db } from '../repositories/schema.ts';

/** Receives an order's events: in order, none twice and none left out. */
export interface FeedSubscriber {
  readonly deliver: (events: readonly OrderEvent[]) => void;
  /** The process stops: nothing more will come. */
  readonly end: () => void;
}

/** A subscription to one order's events, until ended. */
export interface FeedSubscription {
  /** Delivers every event after `after`: first those on record, then each as it happens. */
  readonly startAfter: (after: number) => void;
  readonly end: () => void;
}

/** Delivers orders' events to subscribers; reads an order's new events once for all who subscribe to it. */
export interface OrderFeed {
  /** Registers the subscriber at once, so that nothing is missed between its first read of the order and `startAfter`. */
  readonly subscribe: (orderId: string, subscriber: FeedSubscriber) => FeedSubscription;
  readonly countSubscribers: () => number;
  readonly close: () => void;
}

/** Orders whose events are read in one statement; after a lost connection all subscribed orders are read. */
const ORDERS_PER_READ = 500;

/** Events of an order read at a time, which bounds what a subscriber gets at once; an order has about ten in its whole life. */
const EVENTS_PER_ORDER = 100;

/** How long after a failed read the next one is tried. */
const RETRY_MS = 500;

/** All subscribed orders are read this often without any hint: who has changed one may have died before it could say so. */
const LOOK_MS = 1_000;

/** A feed that reads the outbox when `changes` hints at new events, and reads all subscribed orders now and then, and when hints may have been missed. */
export function createOrderFeed(db: Db, changes: Pick<OrderChanges, 'watch'>, logger: Logger): OrderFeed {
  const topics = new Map<string, Set<OpenSubscription>>();
  const reader = createReader(db, topics, logger);
  let isClosed = false;
  const readAll = () => {
    for (const orderId of topics.keys()) reader.read(orderId);
  };
  const watch = changes.watch({
    onChanged: (orderId) => {
      if (topics.has(orderId)) reader.read(orderId);
    },
    onMissed: readAll,
    onHeard: readAll,
  });
  const attention = createAttention(watch.hold, readAll);
  return {
    subscribe: (orderId, subscriber) => {
      const topic = topics.get(orderId) ?? new Set();
      const subscription: OpenSubscription = { subscriber, after: undefined };
      topics.set(orderId, topic.add(subscription));
      if (isClosed) subscriber.end();
      else attention.begin();
      return {
        startAfter: (after) => {
          subscription.after = after;
          // Whatever was hinted at since `subscribe` is above `after` and is found now.
          reader.read(orderId);
        },
        end: () => {
          topic.delete(subscription);
          if (topic.size === 0 && topics.get(orderId) === topic) topics.delete(orderId);
          if (topics.size === 0) attention.end();
        },
      };
    },
    countSubscribers: () => [...topics.values()].reduce((total, { size }) => total + size, 0),
    close: () => {
      isClosed = true;
      reader.stop();
      attention.end();
      for (const topic of topics.values()) for (const { subscriber } of topic) subscriber.end();
    },
  };
}

/** What is done while there are subscribers: hints are listened for, and `look` is called now and then. */
function createAttention(hold: () => () => void, look: () => void) {
  let release: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    begin: () => {
      release ??= hold();
      timer ??= setInterval(look, LOOK_MS).unref();
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
      release?.();
      release = undefined;
    },
  };
}

/** `after` is undefined until `startAfter` is called. */
interface OpenSubscription {
  readonly subscriber: FeedSubscriber;
  after: number | undefined;
}

/** The lowest position of those subscriptions that have one; infinity when none has, so that nothing is read. */
function lowest(topic: Iterable<OpenSubscription>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { after } of topic) if (after !== undefined && after < least) least = after;
  return least;
}

/** Reads the orders that are due; those that become due while a statement runs share the next one. */
function createReader(db: Db, topics: ReadonlyMap<string, ReadonlySet<OpenSubscription>>, logger: Logger) {
  const due = new Set<string>();
  const state = { isReading: false, isStopped: false };
  const readAll = async () => {
    state.isReading = true;
    while (due.size > 0 && !state.isStopped) {
      const positions = take(due, topics);
      if (!(await readNext(positions))) {
        for (const { orderId } of positions) due.add(orderId);
        setTimeout(() => void readAll(), RETRY_MS).unref();
        return;
      }
    }
    state.isReading = false;
  };
  const readNext = async (positions: readonly EventPosition[]): Promise<boolean> => {
    try {
      if (positions.length > 0) deliver(await findEventsAfter(db, positions, EVENTS_PER_ORDER), topics, due);
      return true;
    } catch (error) {
      logger.warn({ err: error }, 'events not read for subscribers');
      return false;
    }
  };
  return {
    read: (orderId: string) => {
      due.add(orderId);
      if (!state.isReading) void readAll();
    },
    stop: () => {
      state.isStopped = true;
    },
  };
}

function take(due: Set<string>, topics: ReadonlyMap<string, ReadonlySet<OpenSubscription>>): EventPosition[] {
  const positions: EventPosition[] = [];
  for (const orderId of due) {
    if (positions.length === ORDERS_PER_READ) break;
    due.delete(orderId);
    const after = lowest(topics.get(orderId) ?? []);
    if (Number.isFinite(after)) positions.push({ orderId, after });
  }
  return positions;
}

/**
 * Delivers to each subscriber the events after its position. An order's event ids grow in the order of its commits, so
 * there is nothing new below a position.
 */
function deliver(
  events: readonly OrderEvent[],
  topics: ReadonlyMap<string, ReadonlySet<OpenSubscription>>,
  due: Set<string>,
): void {
  for (const [orderId, own] of Map.groupBy(events, (event) => event.subjectId)) {
    for (const subscription of topics.get(orderId) ?? []) {
      const { after, subscriber } = subscription;
      const news = after === undefined ? [] : own.filter(({ id }) => id > after);
      if (news.length === 0) continue;
      subscription.after = news.at(-1)?.id;
      subscriber.deliver(news);
    }
    if (own.length === EVENTS_PER_ORDER) due.add(orderId);
  }
}
