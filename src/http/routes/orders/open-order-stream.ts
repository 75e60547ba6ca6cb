import type { OrderEvent } from '../../../domain/order-event.ts';
import { findOrderAtEvent } from '../../../repositories/order-events.ts';
import type { Api } from '../../api.ts';
import type { EventStream, ServerSentEvent } from './event-stream.ts';
import { orderView } from '../../schemas/order-view.ts';

/**
 * Opens a stream of an order's events: those after `lastEventId` when that is on record, else the order as it stands and what
 * follows. Resolves with `undefined` when the order is final and the client has its last event.
 */
export async function openOrderStream(
  { feed, reading, database }: Pick<Api, 'feed' | 'reading' | 'database'>,
  orderId: string,
  lastEventId: string | undefined,
  open: (onEnd: () => void) => EventStream,
): Promise<EventStream['body'] | undefined> {
  let stream: EventStream | undefined;
  let finalAt = Number.POSITIVE_INFINITY;
  let isStopping = false;
  const send = (events: readonly ServerSentEvent[], isLast: boolean) => {
    const last = events.at(-1)?.id ?? Number(lastEventId);
    stream?.send(isLast ? [...events, { id: last, event: 'end', data: { reason: 'final' } }] : events);
    if (isLast) stream?.end();
  };
  const subscription = feed.subscribe(orderId, {
    deliver: (events) => {
      send(
        events.map(onWire),
        events.some(({ id, payload }) => id >= finalAt || willNotChange(payload['status'], payload['saga_state'])),
      );
    },
    end: () => {
      isStopping = true;
      stream?.end();
    },
  });
  try {
    const after = lastEventId === undefined ? undefined : Number(lastEventId);
    const found = await reading(() => findOrderAtEvent(database.db, orderId, after ?? 0));
    if (!found) throw new Error(`order ${orderId} is gone`);
    const { order, lastEventId: last, knowsAfter } = found;
    if (willNotChange(order.status, order.sagaState)) finalAt = last;
    const resumed = after !== undefined && (knowsAfter || after === last) ? after : undefined;
    if (resumed === finalAt) {
      subscription.end();
      return undefined;
    }
    stream = open(subscription.end);
    if (resumed === undefined) send([{ id: last, event: 'order.snapshot', data: orderView(order) }], finalAt === last);
    subscription.startAfter(resumed ?? last);
    if (isStopping) stream.end();
    return stream.body;
  } catch (error) {
    subscription.end();
    throw error;
  }
}

function onWire({ id, type, payload, createdAt }: OrderEvent): ServerSentEvent {
  return { id, event: type, data: { ...payload, at: createdAt.toISOString() } };
}

/** Whether no more events will come. A DELIVERED order can be returned for a while, and the end of that time is no event. */
function willNotChange(status: unknown, sagaState: unknown): boolean {
  const isSettled = sagaState === 'COMPENSATED' || sagaState === 'COMPLETED';
  return isSettled && (status === 'CANCELLED' || status === 'REFUNDED');
}
