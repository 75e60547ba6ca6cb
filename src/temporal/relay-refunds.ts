import { WorkflowNotFoundError } from '@temporalio/client';
import type { ApiMessage, RefundPaymentCommand } from '../domain/messages.ts';
import { isCancellable } from '../domain/order-status.ts';
import { orderWorkflowId } from '../domain/order.ts';
import { claimRefundsToTell } from '../repositories/amount-refunds.ts';
import { findOrderToResume } from '../repositories/reconciliation.ts';
import { resumeOrder } from './resume-order.ts';
import type { StartDependencies } from './start-dependencies.ts';

/** Refunds claimed at a time; there are few. */
const BATCH = 32;

/**
 * Tells sagas of refunds of which they may not have been told. If the workflow has ended since, a new run resumes the order, unless it can
 * still be cancelled: whether such an order goes on is for the reconciler to decide, which resumes the refund as well.
 */
export async function relayRefunds({ db, temporal, config, logger }: StartDependencies): Promise<void> {
  for (const { id, orderId, actor, reason } of await claimRefundsToTell(db, BATCH)) {
    const handle = temporal.client.workflow.getHandle(orderWorkflowId(orderId));
    try {
      const command = { refund_id: id, command_id: id, actor, reason };
      await handle.signal<[ApiMessage<RefundPaymentCommand>]>('refundPayment', { from_api: command });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) await resume(orderId);
      else logger.warn({ err: error, order_id: orderId }, 'saga not told of a refund');
    }
  }

  async function resume(orderId: string): Promise<void> {
    const found = await findOrderToResume(db, orderId);
    if (!found || found.refunds.length === 0 || isCancellable(found.order.status)) return;
    await resumeOrder(temporal, config, found, { after: 'any' });
    logger.info({ order_id: orderId }, 'order resumed for a refund');
  }
}
