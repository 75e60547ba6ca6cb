import { composeMessage, type OrderNow } from '../domain/compose-message.ts';
import type { Caller } from '../domain/caller.ts';
import { formatMoney } from '../domain/money.ts';
import type { MessageSubject, OrderMessage } from '../domain/order-message.ts';
import { notificationKey, type NotificationType } from '../domain/order-notification.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal } from '../domain/refusal.ts';
import { insertMessage } from '../repositories/order-messages.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import { findReturns } from '../repositories/returns.ts';
import type { Db } from '../repositories/schema.ts';
import { findShipments } from '../repositories/shipments.ts';
import { keyedId } from './keyed-id.ts';

/**
 * Has a customer told again, under a key of its own: of the newest shipment, refund or return where the message is about one. The same
 * `idempotencyKey` is one request. Throws ORD005 when the message would not be true of the order as it stands.
 */
export async function notifyAgain(
  db: Db,
  caller: Pick<Caller, 'actor'>,
  order: OrderWithItems,
  { type, idempotencyKey }: { readonly type: NotificationType; readonly idempotencyKey: string | undefined },
): Promise<OrderMessage> {
  const now = await findNewest(db, order, type);
  const composed = composeMessage[type](now, new Date());
  if ('untrue' in composed) {
    const message = `${type} can't be sent: ${composed.untrue}.`;
    throw new Refusal('ORD005', message, {
      details: [{ from: order.status, pointer: '/type', message }],
      orderId: order.id,
    });
  }
  const nth = `again:${keyedId(idempotencyKey, [order.id, type, caller.actor])}`;
  return insertMessage(db, {
    key: notificationKey(order.id, type, nth),
    orderId: order.id,
    type,
    about: now.about,
    requestedBy: caller.actor,
  });
}

/** The order with the newest of what a message of this type is about. */
async function findNewest(db: Db, order: OrderWithItems, type: NotificationType): Promise<OrderNow> {
  if (type === 'ORDER_SHIPPED') {
    const shipment = (await findShipments(db, order.id)).at(-1);
    const about = shipment ? { shipment_id: shipment.id } : {};
    return { order, about, shipment: shipment && { ...shipment, isNewest: true } };
  }
  if (type === 'RETURN_RECEIVED') {
    const returns = await findReturns(db, order.id);
    const returned = returns.findLast(({ state }) => state !== 'OPEN' && state !== 'REJECTED');
    return { order, about: returned ? { return_id: returned.id } : {}, returned };
  }
  return { order, about: type === 'ORDER_REFUNDED' ? await findNewestRefund(db, order) : {} };
}

async function findNewestRefund(db: Db, { id, currency }: OrderWithItems): Promise<MessageSubject> {
  const refund = (await findBooks(db, id)).findLast(({ kind }) => kind === 'REFUND');
  if (!refund) return {};
  const { idempotencyKey: refundId, amountMinor, reason } = refund;
  return { refund_id: refundId, amount: formatMoney(amountMinor, currency), reason };
}
