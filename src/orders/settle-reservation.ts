import { INVENTORY_ACTOR, type Order } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import { findOrder } from '../repositories/order-repository.ts';
import type { OrderDependencies } from './dependencies.ts';

/** What the inventory says by itself of an order's reservation; `id` is the same at every delivery. */
export interface ReservationNotice {
  readonly id: string;
  readonly orderId: string;
  readonly outcome: 'reserved' | 'failed';
}

/**
 * What came of it. SIGNALLED: the order's saga waits for its reservation, or is about to, and was told. RELEASED: the order is cancelled
 * or being compensated, and whatever is reserved for it was released. RECORDED: the order has gone on without it.
 */
export type ReservationEffect = 'SIGNALLED' | 'RELEASED' | 'RECORDED' | 'UNKNOWN_ORDER';

/**
 * Tells the order's workflow that the inventory has decided on its reservation. How it has decided is looked up by the workflow: this
 * may come late, twice or in another order. Goods reserved for an order that is over are released. Right any number of times.
 * Rejects when the workflow or the inventory can't be reached; then the notice has to come again.
 */
export async function settleReservation(
  { db, commands, gateways }: Pick<OrderDependencies, 'db' | 'commands' | 'gateways'>,
  { id, orderId, outcome }: ReservationNotice,
): Promise<ReservationEffect> {
  const order = isUuid(orderId) ? await findOrder(db, orderId) : undefined;
  if (!order) return 'UNKNOWN_ORDER';
  if (isOver(order)) {
    if (outcome === 'failed') return 'RECORDED';
    await gateways.inventory.release(order.id);
    return 'RELEASED';
  }
  if (order.status !== 'PENDING') return 'RECORDED';
  const notice = { actor: INVENTORY_ACTOR, reason: `reservation ${outcome}`, command_id: `event:${id}` };
  return (await commands.tellReserved(order.id, notice)) ? 'SIGNALLED' : 'RECORDED';
}

/** Whether nothing may stay reserved for the order. One that is being compensated releases by itself, but perhaps before this. */
function isOver({ status, sagaState }: Order): boolean {
  if (status === 'CANCELLED') return true;
  return (status === 'PENDING' || status === 'PAYMENT_FAILED') && sagaState === 'COMPENSATING';
}
