import type { Caller } from '../domain/caller.ts';
import { isSameTracking, type Tracking } from '../domain/order.ts';
import { Refusal, versionConflict } from '../domain/refusal.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findShipments, setTracking, type Shipment } from '../repositories/shipments.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What a shipment is to say of how it travels. */
export interface ShipmentCorrection {
  readonly orderId: string;
  readonly shipmentId: string;
  /** What is left out stays, null removes. */
  readonly tracking: Partial<Tracking>;
  readonly reason: string;
  /** The version that the caller saw, if it must still be the order's. */
  readonly expectedVersion: number | undefined;
}

/**
 * Corrects carrier and tracking number of a shipment, and the order's tracking if it is the latest one; returns the shipment and the
 * order's version. A shipment that says so already is left as it is. Throws ORD004 for a shipment that the order doesn't have, and
 * VERSION_CONFLICT.
 */
export async function correctShipment(
  writer: OrderWriter,
  { actor }: Caller,
  { orderId, shipmentId, tracking: corrected, reason, expectedVersion }: ShipmentCorrection,
): Promise<{ readonly shipment: Shipment; readonly version: number }> {
  return writeOrder(writer, orderId, async (transaction) => {
    const { version } = await lockOrder(transaction, orderId);
    if (expectedVersion !== undefined && expectedVersion !== version) throw versionConflict(version, orderId);
    const shipments = await findShipments(transaction, orderId);
    const shipment = shipments.find(({ id }) => id === shipmentId);
    if (!shipment) throw new Refusal('ORD004', `The order has no shipment ${shipmentId}.`, { orderId });
    if (isSameTracking(shipment.tracking, corrected)) return { shipment, version };
    const tracking = { ...shipment.tracking, ...corrected };
    const details = { shipment_id: shipmentId, carrier: tracking.carrier, tracking: tracking.number };
    await setTracking(transaction, shipmentId, tracking);
    await writeChange(transaction, {
      orderId,
      kind: 'SHIPMENT',
      key: `shipment-corrected:${version}`,
      actor,
      reason,
      event: { type: 'order.shipment_corrected', details },
      ...(shipment === shipments.at(-1) && { set: { tracking } }),
    });
    return { shipment: { ...shipment, tracking }, version: version + 1 };
  });
}
