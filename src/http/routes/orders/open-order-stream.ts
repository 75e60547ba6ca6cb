import type { OrderEvent } from '../../../domain/order-event.ts';
import { followOrder } from '../../../orders/follow-order.ts';
import type { Api } from '../../api.ts';
import { orderView } from '../../../orders/order-view.ts';
import type { EventStream, ServerSentEvent } from './event-stream.ts';

/**
 * Opens a stream of an order's events; see {@link followOrder}. Resolves with `undefined` when the order is final and the client has its last
 * event.
 */
export async function openOrderStream(
  { feed, reading, database }: Pick<Api, 'feed' | 'reading' | 'database'>,
  orderId: string,
  lastEventId: string | undefined,
  open: (onEnd: () => void) => EventStream,
): Promise<EventStream['body'] | undefined> {
  const after = lastEventId === undefined ? undefined : Number(lastEventId);
  const followed = await followOrder({ db: database.db, feed, reading }, orderId, after, (unsubscribe) => {
    const stream = open(unsubscribe);
    const send = (events: readonly ServerSentEvent[], isLast: boolean) => {
      const id = events.at(-1)?.id ?? 0;
      stream.send(isLast ? [...events, { id, event: 'end', data: { reason: 'final' } }] : events);
      if (isLast) stream.end();
    };
    return {
      body: stream.body,
      snapshot: (id, order, isLast) => {
        send([{ id, event: 'order.snapshot', data: orderView(order) }], isLast);
      },
      events: (events, isLast) => {
        send(events.map(onWire), isLast);
      },
      stop: stream.end,
    };
  });
  return followed?.body;
}

function onWire({ id, type, payload }: OrderEvent): ServerSentEvent {
  return { id, event: type, data: payload };
}
