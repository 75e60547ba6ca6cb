import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { PaymentStatus } from '../domain/payment-status.ts';
import { isLastShipment } from '../domain/ship-items.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { addShipped } from '../repositories/order-items.ts';
import { insertShipment, type NewShipment } from '../repositories/shipments.ts';
import { findChange, writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What was captured for a part of an order, and where the payment stands then. */
export interface CapturedPart {
  readonly transactions?: readonly PaymentTransactionRecord[] | undefined;
  readonly paymentStatus?: PaymentStatus | undefined;
}

/**
 * Writes that a part of an order's goods has left, never more of a line than is left of it; repeating it changes nothing.
 * Writes nothing if it is the last shipment: the order is to become SHIPPED instead. Throws ORD005 and VALIDATION.
 */
export async function recordShipment(
  writer: OrderWriter,
  shipment: NewShipment & CapturedPart,
): Promise<{ isLast: boolean }> {
  const { orderId, key, items, tracking, actor, reason, transactions = [], paymentStatus } = shipment;
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const known = await findChange(transaction, orderId, key);
    // An earlier attempt found that it was the last shipment, and its order has become SHIPPED under this key.
    if (known) return { isLast: known === 'STATUS' };
    if (isLastShipment(order, items)) return { isLast: true };
    await writes.writeLedger([], transactions);
    await addShipped(transaction, orderId, items);
    await insertShipment(transaction, shipment);
    await writeChange(transaction, {
      orderId,
      kind: 'SHIPMENT',
      key,
      actor,
      reason,
      event: { type: 'order.partly_shipped', details: { items, carrier: tracking.carrier, tracking: tracking.number } },
      set: { tracking, ...(paymentStatus && { paymentStatus }) },
    });
    return { isLast: false };
  });
}
