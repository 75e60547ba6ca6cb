import { CancellationScope } from '@temporalio/workflow';
import type { CreateOrderInput } from '../../src/domain/messages.ts';
import { Order } from '../../workflows/order.ts';
import { Saga } from '../../workflows/saga.ts';
import { refundPayment, releaseInventory } from '../../workflows/undos.ts';

/** Takes an order back from within a scope that has been cancelled; says how that went. */
export async function compensateCancelled(input: CreateOrderInput): Promise<string> {
  const order = new Order(input);
  const saga = new Saga(order);
  saga.undoBy(releaseInventory(order));
  saga.undoBy(refundPayment(order));
  const scope = new CancellationScope({ cancellable: true });
  scope.cancel();
  return scope
    .run(async () => saga.compensate())
    .then(
      () => 'undone',
      (error: unknown) => `not undone: ${String(error)}`,
    );
}
