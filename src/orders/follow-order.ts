import type { OrderEvent } from '../domain/order-event.ts';
import type { OrderWithItems } from '../domain/order.ts';
import type { OrderFeed } from '../events/order-feed.ts';
import { findOrderAtEvent } from '../repositories/order-events.ts';
import type { Db } from '../repositories/schema.ts';

/** What following an order takes; `reading` bounds how many reads run at a time. */
export interface FollowDependencies {
  readonly db: Db;
  readonly feed: OrderFeed;
  readonly reading: <T>(read: () => Promise<T>) => Promise<T>;
}

/** Receives what is told of an order, in order, none twice and none left out. What is the last says so: the order is final then. */
export interface OrderFollower {
  /** The order as it stands; `id` is that of the last event that it includes. */
  readonly snapshot: (id: number, order: OrderWithItems, isLast: boolean) => void;
  readonly events: (events: readonly OrderEvent[], isLast: boolean) => void;
  /** The process stops: nothing more comes from it. */
  readonly stop: () => void;
}

/**
 * Follows an order: its events after `lastEventId` when that is on record, else the order as it stands and what follows. `open` is called
 * once it is known that something may come: with how to end the subscription; it returns who is told. Resolves with `undefined`, and opens nothing,
 * when the order is final and the caller has its last event.
 */
export async function followOrder<Follower extends OrderFollower>(
  { db, feed, reading }: FollowDependencies,
  orderId: string,
  lastEventId: number | undefined,
  open: (unsubscribe: () => void) => Follower,
): Promise<Follower | undefined> {
  let follower: Follower | undefined;
  let finalAt = Number.POSITIVE_INFINITY;
  let isStopping = false;
  const subscription = feed.subscribe(orderId, {
    deliver: (events) => {
      follower?.events(
        events,
        events.some(({ id, payload }) => id >= finalAt || willNotChange(payload['status'], payload['saga_state'])),
      );
    },
    end: () => {
      isStopping = true;
      follower?.stop();
    },
  });
  try {
    const found = await reading(() => findOrderAtEvent(db, orderId, lastEventId ?? 0));
    if (!found) throw new Error(`order ${orderId} is gone`);
    const { order, lastEventId: last, knowsAfter } = found;
    if (willNotChange(order.status, order.sagaState)) finalAt = last;
    const resumed = lastEventId !== undefined && (knowsAfter || lastEventId === last) ? lastEventId : undefined;
    if (resumed === finalAt) {
      subscription.end();
      return undefined;
    }
    follower = open(subscription.end);
    if (resumed === undefined) follower.snapshot(last, order, finalAt === last);
    subscription.startAfter(resumed ?? last);
    if (isStopping) follower.stop();
    return follower;
  } catch (error) {
    subscription.end();
    throw error;
  }
}

/** Whether no more events will come. A DELIVERED order can be returned for a while, and the end of that time is no event. */
function willNotChange(status: unknown, sagaState: unknown): boolean {
  const isSettled = sagaState === 'COMPENSATED' || sagaState === 'COMPLETED';
  return isSettled && (status === 'CANCELLED' || status === 'REFUNDED');
}
