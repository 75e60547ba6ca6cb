import { allHandlersFinished, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { CreateOrderInput } from '../src/domain/messages.ts';
import type { OrderRun } from './order-run.ts';

/** Whether the history has become long enough to continue as a new run, and nothing is under way that would be lost. */
export function mayContinueAsNew(order: OrderRun): boolean {
  return (
    workflowInfo().continueAsNewSuggested &&
    allHandlersFinished() &&
    !order.state.isNotifying &&
    order.background.isIdle
  );
}

/**
 * Continues as a new run with a short history. Commands that the old run has carried out are known by their keys in the projection;
 * one that comes again still acts once.
 */
export function continueOrderAsNew(order: OrderRun, returnsEndMs: number | undefined): Promise<never> {
  const { status, isPartlyShipped, isNotificationFailed, dispute, amendedBackMinor, totalMinor, paymentMethod } =
    order.state;
  const { isPaymentOpen } = order.state;
  const isTakenIn = order.input.resume?.isTakenIn;
  const known = { status, isPartlyShipped, isNotificationFailed, dispute, amendedBackMinor, returnsEndMs };
  const resume = { ...known, ...(isPaymentOpen && { isPaymentOpen }), ...(isTakenIn && { isTakenIn }) };
  const input = { ...order.input, totalMinor, paymentMethod, resume };
  return continueAsNew<(input: CreateOrderInput) => Promise<unknown>>(input);
}
