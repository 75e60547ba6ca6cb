import { CancellationScope } from '@temporalio/workflow';
import { untilWritten } from './activity-options.ts';
import type { OrderRun } from './order-run.ts';
import { runRegularActivity, type ActivityCall } from './run-activity.ts';

/**
 * Sees to it that a charge which was made by hand is not made by the payment service as well: it may still be on its way, or have
 * been made without an answer. The order goes on meanwhile, and a service that is away is waited for.
 */
export function forbidCharge(order: OrderRun, idempotencyKey: string): void {
  const { orderId, currency } = order.input;
  const input = { orderId, idempotencyKey, currency };
  inBackground(order, { name: 'forbidCharge', input, summary: 'forbid a charge that was made by hand' });
}

/** The same of every charge of an order that was refunded by hand: what is not on record is refunded in the payment service. */
export function forbidCharges(order: OrderRun): void {
  const { orderId, currency } = order.input;
  inBackground(order, { name: 'forbidCharges', input: { orderId, currency }, summary: 'forbid charges' });
}

function inBackground(order: OrderRun, call: ActivityCall<'forbidCharge' | 'forbidCharges'>): void {
  order.background.run(() => CancellationScope.nonCancellable(() => runRegularActivity(call, untilWritten)));
}
