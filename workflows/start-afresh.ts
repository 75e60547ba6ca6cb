import { allHandlersFinished, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { CreateOrderInput } from '../src/domain/messages.ts';
import type { Order } from './order.ts';

/** Whether the history has grown long enough to begin another one, and nothing is under way that would be lost by it. */
export function mayStartAfresh(order: Order): () => boolean {
  return () => workflowInfo().continueAsNewSuggested && allHandlersFinished() && !order.isNotifying;
}

/**
 * Goes on in a new run with a short history. Commands that the old run has followed are known by their keys in the projection;
 * one that comes twice is still followed once.
 */
export function startAfresh(order: Order, returnsEndMs: number | undefined): Promise<never> {
  const { status, isPartlyShipped, amendedBackMinor, totalMinor, paymentMethod, input } = order;
  const takeUp = { status, isPartlyShipped, amendedBackMinor, returnsEndMs };
  return continueAsNew<(input: CreateOrderInput) => Promise<unknown>>({ ...input, totalMinor, paymentMethod, takeUp });
}
