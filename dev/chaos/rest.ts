import type { OrderState } from './read-everything.ts';

/** Returns whether only a command or a timer can change the order. */
export function isAtRest({ status, saga_state: sagaState }: Omit<OrderState, 'id'>): boolean {
  if (status === 'PENDING') return false;
  if (status === 'PAYMENT_FAILED') return sagaState === 'RUNNING';
  return sagaState === 'COMPLETED' || sagaState === 'COMPENSATED';
}
