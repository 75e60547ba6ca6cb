import { ActivityFailure } from '@temporalio/workflow';
import { NOTIFY_PATIENCE_MS, retriedFor, untilWritten } from './activity-options.ts';
import type { OrderRun } from './order-run.ts';
import { runActivity } from './run-activity.ts';

/** Notifies the customer that the order is confirmed. Best effort: a failure is recorded and never hurts the order. */
export async function notifyCustomer(order: OrderRun): Promise<void> {
  const { orderId, customerId } = order.input;
  const type = 'ORDER_CONFIRMED';
  const input = { orderId, customerId, type, idempotencyKey: `${orderId}:notify:${type}` } as const;
  const call = { name: 'notifyCustomer', input, summary: `notify ${type}` } as const;
  order.change({ kind: 'notificationStarted' });
  try {
    await runActivity(call, retriedFor(NOTIFY_PATIENCE_MS), () => {
      order.change({ kind: 'leftFastPath', step: 'notifyCustomer' });
    });
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const step = { step: 'notifyCustomer', state: 'FAILED', attempts: 1 } as const;
    // Nothing of where the saga stands: the order may be being cancelled by now.
    const record = { orderId, steps: [step] } as const;
    await runActivity({ name: 'recordSagaState', input: record, summary: 'notification failed' }, untilWritten);
  } finally {
    order.change({ kind: 'notificationEnded' });
  }
}
