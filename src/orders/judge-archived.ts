import { unknownOrder, type EventOutcome } from '../domain/inbound-event.ts';
import type { Order } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import { findArchivedOrder, readArchive } from '../repositories/archive.ts';
import type { Db } from '../repositories/schema.ts';

/**
 * What an event comes to whose order is not among those that may still change: it waits when there is none. Of an archived order it is ignored when
 * `isKnown` says that it changes nothing, and a dead letter otherwise, at once: waiting does not help, and an answer may be due by a day.
 */
export async function judgeArchived(
  db: Db,
  orderId: string,
  isKnown: (archive: Db, order: Order) => Promise<boolean>,
): Promise<EventOutcome> {
  const order = isUuid(orderId) ? await findArchivedOrder(db, orderId) : undefined;
  if (!order) return unknownOrder;
  if (await readArchive(db, (archive) => isKnown(archive, order))) {
    return { state: 'IGNORED', reason: 'the order is archived, and has it on record' };
  }
  return { state: 'DEAD', reason: describeArchived(order) };
}

/** Why an event changes nothing, and what to do. */
function describeArchived({ orderNumber, status }: Pick<Order, 'orderNumber' | 'status'>): string {
  const how = 'bring it back out of the archive and retry the event, or settle the matter by hand and skip it';
  return `the order ${orderNumber} (${status}) is archived, so that nothing can be booked: ${how}`;
}
