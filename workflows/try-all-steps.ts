import { isCancellation } from '@temporalio/workflow';
import { onFastPathTogether } from './activity-options.ts';
import { isToBeCharged } from './charge-payment.ts';
import { newCharge } from './new-charge.ts';
import { notification } from './notify-customer.ts';
import type { OrderRun } from './order-run.ts';
import { newReview } from './review-order.ts';
import { tryActivity, type ActivityCall } from './run-activity.ts';

/**
 * Makes one attempt at all steps inside one local activity, so that an order which goes well costs one event and one turn of the
 * workflow. The saga then goes through its steps one by one, and finds what each has come to; what has not gone well it goes on with.
 * Whoever resumes an order does not know what its steps have come to before, and runs each by itself.
 */
export async function tryAllSteps(order: OrderRun): Promise<void> {
  if (order.input.resume) return;
  try {
    order.headStart.accept(await tryActivity(allSteps(order), onFastPathTogether));
  } catch (error) {
    order.headStart.lose();
    if (isCancellation(error)) throw error;
  }
}

function allSteps(order: OrderRun): ActivityCall<'tryAllSteps'> {
  const { orderId, lines, reservationTtlMs: ttlMs, paymentMethod, paymentCapture } = order.input;
  const charge = isToBeCharged(order.input) ? newCharge(order, 1) : undefined;
  const review = order.input.review && newReview(order, 1);
  const paying = paymentCapture ? 'capture' : 'charge';
  return {
    name: 'tryAllSteps',
    input: {
      orderId,
      lines,
      ttlMs,
      paymentMethod,
      ...(review && { review }),
      charge,
      ...(paymentCapture && { paymentCapture }),
      notification: notification(order).input,
    },
    summary: `reserve ${lines.length} line(s),${review ? ' review,' : ''} ${paying} ${order.total}, confirm, notify`,
  };
}
