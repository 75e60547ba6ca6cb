import { WorkflowNotFoundError } from '@temporalio/client';
import type { ApiMessage, RefundPaymentCommand, ReturnItemsCommand } from '../domain/messages.ts';
import { isCancellable } from '../domain/order-status.ts';
import { orderWorkflowId } from '../domain/order.ts';
import { claimUntold, type Untold } from '../repositories/claim-untold.ts';
import type { ResumableOrder } from '../domain/resume-order.ts';
import { findOrderToResume } from '../repositories/reconciliation.ts';
import { resumeOrder } from './resume-order.ts';
import type { StartDependencies } from './start-dependencies.ts';

/** Returns or refunds claimed at a time; there are few. */
const BATCH = 32;

type RelayedCommand = ReturnItemsCommand | RefundPaymentCommand;

/** What is on record before its saga hears of it. */
interface Relayed {
  readonly table: Parameters<typeof claimUntold>[1];
  readonly logged: { readonly notTold: string; readonly resumed: string };
  readonly signal: 'returnItems' | 'refundPayment';
  readonly toCommand: (untold: Untold) => RelayedCommand;
  /** Whether a new run of the workflow would find it. */
  readonly isToResume: (found: ResumableOrder) => boolean;
}

/** Tells sagas of returns of which they may not have been told; if the workflow has ended since, a new run resumes the order. */
export function relayReturns(dependencies: StartDependencies): Promise<void> {
  return relayUntold(dependencies, {
    table: 'order_returns',
    logged: { notTold: 'saga not told of a return', resumed: 'order resumed for a return' },
    signal: 'returnItems',
    toCommand: ({ id, actor, reason }) => ({ return_id: id, command_id: id, actor, reason }),
    isToResume: ({ returns }) => returns.length > 0,
  });
}

/**
 * Tells sagas of refunds of which they may not have been told. If the workflow has ended since, a new run resumes the order, unless it can
 * still be cancelled: whether such an order goes on is for the reconciler to decide, which resumes the refund as well.
 */
export function relayRefunds(dependencies: StartDependencies): Promise<void> {
  return relayUntold(dependencies, {
    table: 'order_refunds',
    logged: { notTold: 'saga not told of a refund', resumed: 'order resumed for a refund' },
    signal: 'refundPayment',
    toCommand: ({ id, actor, reason }) => ({ refund_id: id, command_id: id, actor, reason }),
    isToResume: ({ refunds, order }) => refunds.length > 0 && !isCancellable(order.status),
  });
}

async function relayUntold(
  { db, temporal, config, logger }: StartDependencies,
  { table, logged, signal, toCommand, isToResume }: Relayed,
): Promise<void> {
  for (const untold of await claimUntold(db, table, BATCH)) {
    const { orderId } = untold;
    const handle = temporal.client.workflow.getHandle(orderWorkflowId(orderId));
    try {
      await handle
        .signal<[ApiMessage<RelayedCommand>]>(signal, { from_api: toCommand(untold) })
        .catch(async (error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
          await resume(orderId);
        });
    } catch (error) {
      logger.warn({ err: error, order_id: orderId }, logged.notTold);
    }
  }

  async function resume(orderId: string): Promise<void> {
    const found = await findOrderToResume(db, orderId);
    if (!found || !isToResume(found)) return;
    await resumeOrder(temporal, config, found, { after: 'any' });
    logger.info({ order_id: orderId }, logged.resumed);
  }
}
