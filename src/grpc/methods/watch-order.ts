import { z } from 'zod';
import { RequestError, UnauthenticatedError } from '../../access/request-error.ts';
import { requireRoomForStream, streamLife } from '../../access/stream-shares.ts';
import { hasRole } from '../../domain/caller.ts';
import { checkRequest } from '../../orders/check-request.ts';
import { findVisibleOrder, orderReaders } from '../../orders/find-visible-order.ts';
import { followOrder, type OrderFollower } from '../../orders/follow-order.ts';
import { orderView } from '../../orders/order-view.ts';
import type { GrpcDoor } from '../door.ts';
import { eventMessage, type OrderUpdate } from '../event-message.ts';
import { orderMessage } from '../order-message.ts';
import { takeOrderId } from '../read-message.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';
import { openUpdates, type Updates } from '../updates.ts';

export const watchOrderRules = {
  operation: 'streamOrderEvents',
  roles: ['customer', ...orderReaders],
  isAction: false,
  toOne: true,
} as const satisfies MethodRules;

const lastEvent = z
  .string()
  .regex(/^\d{1,15}$/, 'must be the id of an event of this order')
  .optional();

/** `WatchOrder`: an order's events, as they happen. Answers the updates, which end or fail as the service's comments say. */
export function watchOrderMethod({ orders, access, feed }: GrpcDoor) {
  const { db } = orders;
  const follow = { db, feed, reading: access.reading };
  return async ({ caller, request, metadata }: CallContext) => {
    const { orderId: named, rest } = takeOrderId(request);
    const after = checkRequest(lastEvent, rest['after_event_id'], '/after_event_id');
    const { id: orderId } = await findVisibleOrder(db, caller, named);
    requireRoomForStream(feed.countSubscribers());
    const afterId = after === undefined ? undefined : Number(after);
    const { lifeMs, endsWithToken } = streamLife(caller);
    const open = (onEnd?: () => void) =>
      followOrder(follow, orderId, afterId, (unsubscribe) => {
        const updates = openUpdates<OrderUpdate>(metadata.signal, () => {
          clearTimeout(timer);
          unsubscribe();
          onEnd?.();
        });
        const timer = setTimeout(() => {
          updates.fail(lifeIsOver(endsWithToken));
        }, lifeMs).unref();
        return { updates, ...toFollower(updates) };
      });
    // Staff and services follow orders of many customers.
    const followed = await (hasRole(caller, orderReaders) ? open() : access.shares.take(caller.subject, open));
    return { response: followed?.updates ?? endOf(metadata.signal, after), orderId };
  };
}

/** Hands on what is told of an order. */
function toFollower(updates: Updates<OrderUpdate>): OrderFollower {
  const send = (batch: readonly OrderUpdate[], isLast: boolean) => {
    updates.push(batch);
    if (isLast) end(updates, batch.at(-1)?.eventId ?? '');
  };
  return {
    snapshot: (id, order, isLast) => {
      send([{ eventId: String(id), update: { case: 'snapshot', value: orderMessage(orderView(order)) } }], isLast);
    },
    events: (events, isLast) => {
      send(
        events.map((event) => ({ eventId: String(event.id), update: { case: 'event', value: eventMessage(event) } })),
        isLast,
      );
    },
    stop: () => {
      updates.fail(
        new RequestError('UNAVAILABLE', 'This process stops: go on with another one.', { retryAfterSeconds: 2 }),
      );
    },
  };
}

/** The client has all that there is of a final order. */
function endOf(signal: AbortSignal, lastEventId = ''): Updates<OrderUpdate> {
  const updates = openUpdates<OrderUpdate>(signal, () => {});
  end(updates, lastEventId);
  return updates;
}

function end(updates: Updates<OrderUpdate>, eventId: string): void {
  updates.push([{ eventId, update: { case: 'end', value: {} } }]);
  updates.end();
}

/** Not by the clock: a timer may run a moment before the time that it was set to. */
function lifeIsOver(endsWithToken: boolean): RequestError {
  if (endsWithToken) return new UnauthenticatedError('expired', 'The token has expired.');
  return new RequestError('UNAVAILABLE', 'A call lasts an hour at most: go on with another one.', {
    retryAfterSeconds: 1,
  });
}
