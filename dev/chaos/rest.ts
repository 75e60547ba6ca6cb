import { allowedAfter } from '../../src/domain/order-status.ts';
import type { OrderState } from './read-everything.ts';

/** Returns whether nothing can change the order any more. */
export function isFinal({ status }: Pick<OrderState, 'status'>): boolean {
  return allowedAfter(status).length === 0;
}

/** Returns whether only a command or a timer can change the order. */
export function isAtRest({ status, saga_state: sagaState }: Omit<OrderState, 'id'>): boolean {
  if (status === 'PENDING') return false;
  if (status === 'PAYMENT_FAILED') return sagaState === 'RUNNING';
  return sagaState === 'COMPLETED' || sagaState === 'COMPENSATED';
}
