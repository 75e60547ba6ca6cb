import { unknownOrder, workflowEnded, type EventOutcome, type ReservationOutcome } from '../domain/inbound-event.ts';
import { INVENTORY_ACTOR, type Order } from '../domain/order.ts';
import { findOrderOrArchived } from '../repositories/archive.ts';
import type { OrderDependencies } from './dependencies.ts';

/**
 * Applies what the inventory says by itself of an order's reservation: tells the workflow of an order that waits for it, or is about to.
 * How the inventory has decided is looked up by the workflow, since this may come late, twice or in another order. Goods reserved for an
 * order that is over are released. Right any number of times; `commandId` names the event.
 * Rejects when the workflow or the inventory can't be reached; then it has to be applied again.
 */
export async function settleReservation(
  { db, commands, gateways }: Pick<OrderDependencies, 'db' | 'commands' | 'gateways'>,
  { orderId, outcome }: Pick<ReservationOutcome, 'orderId' | 'outcome'>,
  commandId: string,
): Promise<EventOutcome> {
  // Also of an archived order: what is held for one that is cancelled is released, which writes nothing here.
  const order = await findOrderOrArchived(db, orderId);
  if (!order) return unknownOrder;
  if (isOver(order)) {
    if (outcome === 'failed') return { state: 'IGNORED', reason: 'nothing is reserved for an order that is over' };
    await gateways.inventory.release(order.id);
    return { state: 'APPLIED' };
  }
  if (order.status !== 'PENDING') return { state: 'IGNORED', reason: `the order is ${order.status}` };
  const notice = { actor: INVENTORY_ACTOR, reason: `reservation ${outcome}`, command_id: commandId };
  const isTold = await commands.tellReserved(order.id, notice);
  return isTold ? { state: 'APPLIED' } : workflowEnded;
}

/** Whether nothing may stay reserved for the order. One that is being compensated releases by itself, but perhaps before this. */
function isOver({ status, sagaState }: Order): boolean {
  if (status === 'CANCELLED') return true;
  return (status === 'PENDING' || status === 'PAYMENT_FAILED') && sagaState === 'COMPENSATING';
}
