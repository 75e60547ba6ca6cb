import type { OrderTransition } from '../src/domain/order-transition.ts';
import { untilWritten } from './activity-options.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity, runRegularActivity, type ActivityCall } from './run-activity.ts';

type Transition = Omit<OrderTransition, 'orderId'>;

/** Writes a status and takes over the one that the projection then has, which is another one when the write came too late. */
export async function recordStatus(order: OrderRun, transition: Transition): Promise<void> {
  const { status } = await runActivity(callOf(order, transition), untilWritten);
  order.change({ kind: 'statusRecorded', status });
}

/**
 * The same as the first effect of a command, and so not on the fast path: the command is in the history before the status is
 * written. Until its workflow task is complete Temporal may forget an update, and the next attempt would not know of it.
 */
export async function commitStatus(order: OrderRun, transition: Transition): Promise<void> {
  const { status } = await runRegularActivity(callOf(order, transition), untilWritten);
  order.change({ kind: 'statusRecorded', status });
}

function callOf(order: OrderRun, transition: Transition): ActivityCall<'recordStatus'> {
  return { name: 'recordStatus', input: { orderId: order.id, ...transition }, summary: transition.to };
}
