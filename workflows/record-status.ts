import type { OrderTransition } from '../src/domain/order-transition.ts';
import { untilWritten } from './activity-options.ts';
import type { Order } from './order.ts';
import { runActivity } from './run-activity.ts';

/** Writes a status and takes over the one that the projection then has, which is another one when the write came too late. */
export async function recordStatus(order: Order, transition: Omit<OrderTransition, 'orderId'>): Promise<void> {
  const input = { orderId: order.id, ...transition };
  const { status } = await runActivity({ name: 'recordStatus', input, summary: transition.to }, untilWritten);
  order.moveTo(status);
}
