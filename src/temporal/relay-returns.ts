import { WorkflowNotFoundError } from '@temporalio/client';
import type { ApiMessage, ReturnItemsCommand } from '../domain/messages.ts';
import { orderWorkflowId } from '../domain/order.ts';
import { findOrderToResume } from '../repositories/reconciliation.ts';
import { claimReturnsToTell } from '../repositories/returns.ts';
import type { StartDependencies } from './start-dependencies.ts';
import { resumeOrder } from './resume-order.ts';

/** Returns claimed at a time; there are few. */
const BATCH = 32;

/** Tells sagas of returns of which they may not have been told; if the workflow has ended since, a new run resumes the order. */
export async function relayReturns({ db, temporal, config, logger }: StartDependencies): Promise<void> {
  for (const { id, orderId, actor, reason } of await claimReturnsToTell(db, BATCH)) {
    const handle = temporal.client.workflow.getHandle(orderWorkflowId(orderId));
    try {
      const command = { return_id: id, command_id: id, actor, reason };
      await handle.signal<[ApiMessage<ReturnItemsCommand>]>('returnItems', { from_api: command });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) await resume(orderId);
      else logger.warn({ err: error, order_id: orderId }, 'saga not told of a return');
    }
  }

  async function resume(orderId: string): Promise<void> {
    const found = await findOrderToResume(db, orderId);
    if (!found || found.returns.length === 0) return;
    await resumeOrder(temporal, config, found, { after: 'any' });
    logger.info({ order_id: orderId }, 'order resumed for a return');
  }
}
