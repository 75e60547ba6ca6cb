import type { Delivery, EventOutcome } from '../domain/inbound-event.ts';
import { CARRIER_ACTOR } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { findOrderStatus } from '../repositories/order-repository.ts';
import { findShipments, markDelivered, type Shipment } from '../repositories/shipments.ts';
import { CommandRefusedError } from '../temporal/order-commands.ts';
import type { CommandDependencies } from './command-order.ts';
import { judgeArchived } from './judge-archived.ts';

/**
 * Applies the arrival of a shipment: an order that is SHIPPED, and of which every shipment has arrived, becomes DELIVERED by its workflow,
 * once by `commandId`. Before it is shipped, the event waits. Rejects with a `TemporalUnavailableError`; calling again is safe.
 */
export async function recordDelivery(
  dependencies: CommandDependencies,
  delivery: Delivery,
  commandId: string,
): Promise<EventOutcome> {
  const { db } = dependencies;
  const { orderId } = delivery;
  const status = await findOrderStatus(db, orderId);
  if (status === undefined) return judgeArchived(db, orderId, async (_archive, order) => isPast(order.status));
  if (status === 'CANCELLED') return { state: 'DEAD', reason: 'the order is CANCELLED: nothing of it was shipped' };
  const arrived = findArrived(await findShipments(db, orderId), delivery);
  if (arrived === undefined) return { state: 'WAITING', reason: describeMissing(delivery) };
  for (const { id } of arrived) await markDelivered(db, id, delivery.deliveredAt);
  if (isPast(status)) return { state: 'IGNORED', reason: `the order is ${status}` };
  if (status !== 'SHIPPED') {
    // With a shipment that has arrived, the rest is on its way or about to be.
    const isPatient = arrived.length > 0;
    return { state: 'WAITING', reason: `the order is ${status}: not all of it is shipped`, isPatient };
  }
  const shipments = await findShipments(db, orderId);
  // An order that was taken in as it stood has no shipments on record.
  if (shipments.some(({ deliveredAt }) => deliveredAt === null)) return { state: 'APPLIED' };
  return tellDelivered(dependencies, delivery, commandId);
}

/** The shipments that have arrived; `undefined` when the one that is named is not on record. */
function findArrived(shipments: readonly Shipment[], delivery: Delivery): readonly Shipment[] | undefined {
  const { shipmentId, trackingNumber } = delivery;
  if (shipmentId === null && trackingNumber === null) return shipments;
  const named = shipments.filter(
    ({ id, tracking }) => id === shipmentId || (trackingNumber !== null && tracking.number === trackingNumber),
  );
  if (named.length > 0) return named;
  // Staff don't always write down how goods travel: an order that left at once has only one shipment that can be meant.
  const [only] = shipments;
  const isMeant = shipments.length === 1 && shipmentId === null && only?.tracking.number === null;
  return isMeant ? shipments : undefined;
}

function describeMissing({ shipmentId, trackingNumber }: Delivery): string {
  return shipmentId === null
    ? `the order has no shipment with tracking number ${trackingNumber}`
    : `the order has no shipment ${shipmentId}`;
}

function isPast(status: OrderStatus): boolean {
  return status === 'DELIVERED' || status === 'RETURNED' || status === 'REFUNDED';
}

async function tellDelivered(
  { commands, waitMs }: CommandDependencies,
  { orderId, deliveredAt }: Delivery,
  commandId: string,
): Promise<EventOutcome> {
  const reason = deliveredAt === null ? 'the carrier delivered it' : `the carrier delivered it at ${deliveredAt}`;
  const command = { status: 'DELIVERED', actor: CARRIER_ACTOR, reason, command_id: commandId } as const;
  try {
    await commands.send(orderId, 'changeStatus', command, waitMs);
    return { state: 'APPLIED' };
  } catch (error) {
    if (!(error instanceof CommandRefusedError)) throw error;
    // It has changed meanwhile, or its workflow has yet to hear that it is shipped.
    return { state: 'WAITING', reason: error.message };
  }
}
