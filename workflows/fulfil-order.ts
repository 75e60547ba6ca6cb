import { ApplicationFailure } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import type { CommandResult, OrderCommand } from '../src/domain/messages.ts';
import { isCancellable, isFinal } from '../src/domain/order-status.ts';
import { amendItems } from './amend-items.ts';
import { cancelOrder } from './cancel-order.ts';
import { changeStatus } from './change-status.ts';
import { createShippedRejection, findRejection } from './check-command.ts';
import { anyCommand, type PendingCommand } from './command-queue.ts';
import { continueOrderAsNew, mayContinueAsNew } from './continue-as-new.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { createRejection } from './create-rejection.ts';
import { resolveNotification } from './notify-customer.ts';
import type { OrderRun } from './order-run.ts';
import { refundPayment, settleOpenRefund } from './refund-payment.ts';
import { renewPayment } from './renew-payment.ts';
import { returnItems, settleReturn } from './return-items.ts';
import { NO_CANCELLATION_REASON } from '../src/domain/told-reason.ts';

/** Applies commands one after the other until the order is final: cancelled, refunded, or delivered with its return window over. */
export async function fulfilOrder(order: OrderRun, saga: CreateOrderSaga): Promise<void> {
  for (const opened of order.input.resume?.returns ?? []) await settleReturn(order, opened);
  for (const opened of order.input.resume?.refunds ?? []) await settleOpenRefund(order, opened);
  let returnsEnd = order.input.resume?.returnsEndMs;
  // What goes back without goods is on record before its command comes, also when the order is over by then.
  while (!isFinal(order.status) || order.commands.first('refundPayment')) {
    // A parcel that was refused, and whose refund was given up, is never delivered.
    const isWithCustomer = order.status === 'DELIVERED' || order.status === 'RETURNED';
    if (isWithCustomer) returnsEnd ??= Date.now() + order.input.returnWindowMs;
    const pending = await order.commands.next(anyCommand, {
      timeoutMs: returnsEnd && returnsEnd - Date.now(),
      isEnough: () => mayContinueAsNew(order),
    });
    if (!pending && mayContinueAsNew(order)) return continueOrderAsNew(order, returnsEnd);
    if (!pending) return;
    await answerCommand(order, saga, pending);
  }
}

async function answerCommand(
  order: OrderRun,
  saga: CreateOrderSaga,
  { command, resolve, reject }: PendingCommand<OrderCommand, CommandResult>,
): Promise<void> {
  // It was allowed when it was accepted; another command may have come first.
  const rejected = findRejection(order.state, command);
  if (rejected) {
    reject(rejected);
    return;
  }
  try {
    await applyCommand(order, saga, command);
    resolve({ status: order.status });
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    reject(error);
  }
}

/**
 * Throws the `ApplicationFailure` that the sender is told of when it can't be applied. Whatever a command does first is not on the
 * fast path: the command is in the history then, and what it does can't be forgotten with a lost task.
 */
async function applyCommand(order: OrderRun, saga: CreateOrderSaga, command: OrderCommand): Promise<void> {
  switch (command.name) {
    case 'cancelOrder': {
      const { actor, reason } = command.input;
      await cancelOrder(order, saga, { actor, reason: reason || NO_CANCELLATION_REASON, isByMessage: true });
      // After a reset the projection may know better than we did: then nothing was cancelled.
      if (order.status === 'CANCELLED') return;
      // An order that could be cancelled and is not has been shipped in part.
      if (isCancellable(order.status)) order.change({ kind: 'partlyShipped' });
      throw findRejection(order.state, command) ?? createShippedRejection();
    }
    case 'changeStatus': {
      await changeStatus(order, command.input);
      // An attempt at the workflow task that was lost had cancelled the order: then nothing was changed.
      const tooLate = order.status === 'CANCELLED' ? findRejection(order.state, command) : undefined;
      if (tooLate) throw tooLate;
      return;
    }
    case 'amendItems':
      return amendItems(order, command.input);
    case 'returnItems':
      return returnItems(order, command.input);
    case 'refundPayment':
      return refundPayment(order, command.input);
    case 'resolveStep':
      return resolveNotification(order, command.input);
    case 'retryPayment':
      return renewPayment(order, command.input);
    case 'reviewOrder':
      throw createRejection(failureTypes.invalidCommand, 'nothing of this order waits for it');
    default:
      return command satisfies never;
  }
}
