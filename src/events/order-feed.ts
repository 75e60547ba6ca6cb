import type { OrderEvent } from '../domain/order-event.ts';
import type { Logger } from '../logger.ts';
import type { OrderChanges } from './order-changes.ts';
import { findEventsAfter, type EventPosition } from '../repositories/order-events.ts';
import type { Db } from '../repositories/schema.ts';

/** Who follows an order. Events come in their order, none twice and none left out. */
export interface Follower {
  readonly deliver: (events: readonly OrderEvent[]) => void;
  /** The process stops: nothing more will come. */
  readonly end: () => void;
}

/** Following an order, until ended. */
export interface Following {
  /** Delivers everything after the event `after`: what is on record, and then what happens. */
  readonly startAfter: (after: number) => void;
  readonly end: () => void;
}

/** Tells followers of orders what happens to them; reads an order's new events once, whoever follows it. */
export interface OrderFeed {
  /** Takes note from now on, so that nothing is lost between a first look at the order and `startAfter`. */
  readonly follow: (orderId: string, follower: Follower) => Following;
  readonly followers: () => number;
  readonly close: () => void;
}

/** Orders whose events are read in one statement: after a lost connection those of all followers are. */
const ORDERS_PER_READ = 500;

/** Events of an order read at a time, which bounds what a follower gets at once; an order has about ten in its whole life. */
const EVENTS_PER_ORDER = 100;

/** How long a database that is away is left alone. */
const RETRY_MS = 500;

/** A feed by the announcements that `changes` hears: nobody polls, and what was missed while nobody could listen is looked up. */
export function createOrderFeed(db: Db, changes: Pick<OrderChanges, 'watch'>, logger: Logger): OrderFeed {
  const topics = new Map<string, Set<OpenFollowing>>();
  const reader = createReader(db, topics, logger);
  let isClosed = false;
  const hint = (orderId: string, eventId = Number.POSITIVE_INFINITY) => {
    if (lowest(topics.get(orderId) ?? []) < eventId) reader.read(orderId);
  };
  changes.watch({
    changed: hint,
    missed: () => {
      for (const orderId of topics.keys()) hint(orderId);
    },
  });
  return {
    follow: (orderId, follower) => {
      const topic = topics.get(orderId) ?? new Set();
      const following: OpenFollowing = { follower, after: undefined };
      topics.set(orderId, topic.add(following));
      if (isClosed) follower.end();
      return {
        startAfter: (after) => {
          following.after = after;
          // Whatever was announced since `follow` is above `after` and is found now.
          reader.read(orderId);
        },
        end: () => {
          topic.delete(following);
          if (topic.size === 0 && topics.get(orderId) === topic) topics.delete(orderId);
        },
      };
    },
    followers: () => [...topics.values()].reduce((total, { size }) => total + size, 0),
    close: () => {
      isClosed = true;
      reader.stop();
      for (const topic of topics.values()) for (const { follower } of topic) follower.end();
    },
  };
}

/** `after` is undefined until the follower has had its first look. */
interface OpenFollowing {
  readonly follower: Follower;
  after: number | undefined;
}

/** The lowest position of those who have one; with none nothing is to be read. */
function lowest(topic: Iterable<OpenFollowing>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { after } of topic) if (after !== undefined && after < least) least = after;
  return least;
}

/** Reads orders that are due, all that gather while a statement is under way in the next one. */
function createReader(db: Db, topics: ReadonlyMap<string, ReadonlySet<OpenFollowing>>, logger: Logger) {
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
      logger.warn({ err: error }, 'events not read for those who follow');
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

function take(due: Set<string>, topics: ReadonlyMap<string, ReadonlySet<OpenFollowing>>): EventPosition[] {
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
 * Hands each follower what is new to it. An order's ids grow in the order of its commits (see the outbox), so that what is
 * above a position is all that is new to it.
 */
function deliver(
  events: readonly OrderEvent[],
  topics: ReadonlyMap<string, ReadonlySet<OpenFollowing>>,
  due: Set<string>,
): void {
  for (const [orderId, own] of Map.groupBy(events, (event) => event.orderId)) {
    for (const following of topics.get(orderId) ?? []) {
      const { after, follower } = following;
      const news = after === undefined ? [] : own.filter(({ id }) => id > after);
      if (news.length === 0) continue;
      following.after = news.at(-1)?.id;
      follower.deliver(news);
    }
    if (own.length === EVENTS_PER_ORDER) due.add(orderId);
  }
}
