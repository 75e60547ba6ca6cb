import { CancellationScope } from '@temporalio/workflow';
import type { CreateOrderInput } from '../../src/domain/messages.ts';
import { createOrderSaga } from '../../workflows/create-order-saga.ts';
import { OrderRun } from '../../workflows/order-run.ts';

/** Compensates an order from within a scope that has been cancelled; says how that went. */
export async function compensateCancelled(input: CreateOrderInput): Promise<string> {
  const saga = createOrderSaga(new OrderRun(input));
  const scope = new CancellationScope({ cancellable: true });
  scope.cancel();
  return scope
    .run(() => saga.compensate({ commitFirst: false }))
    .then(
      () => 'compensated',
      (error: unknown) => `not compensated: ${String(error)}`,
    );
}
