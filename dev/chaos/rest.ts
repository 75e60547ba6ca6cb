import { allowedAfter } from '../../src/domain/order-status.ts';
import type { OrderState } from './read-everything.ts';

/** Whether nothing can change the order any more. */
export function isFinal({ status }: Pick<OrderState, 'status'>): boolean {
  return allowedAfter(status).length === 0;
}

/** Whether nothing moves the order but another command or the passing of time. */
export function isAtRest({ status, saga_state: sagaState }: Omit<OrderState, 'id'>): boolean {
  if (status === 'PENDING') return false;
  if (status === 'PAYMENT_FAILED') return sagaState === 'RUNNING';
  return sagaState === 'COMPLETED' || sagaState === 'COMPENSATED';
}
