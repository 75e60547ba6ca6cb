import { failureTypes } from '../src/domain/failures.ts';
import { newCharge } from './new-charge.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { createRejection } from './create-rejection.ts';
import type { OrderRun } from './order-run.ts';
import { awaitDecision, StepSkipped } from './park-step.ts';
import { recordConfirmedByHand, runOrCancel } from './place-order.ts';

/**
 * Waits until somebody says that an order which was taken in without its payment has been paid, then confirms it. Nothing is reserved or
 * charged: the payment service has never heard of it. Who gives the payment up, or cancels, has the order cancelled.
 */
export async function awaitOutsidePayment(order: OrderRun, saga: CreateOrderSaga): Promise<void> {
  await runOrCancel(order, saga, async () => {
    const charge = newCharge(order, 1);
    const isPaid = order.input.resume?.chargedByHand?.includes(charge.idempotencyKey) ?? false;
    if (!isPaid && charge.amountMinor > 0) await awaitPaid(order, saga, charge);
    await recordConfirmedByHand(order, saga);
  });
}

async function awaitPaid(order: OrderRun, saga: CreateOrderSaga, charge: ReturnType<typeof newCharge>): Promise<void> {
  const { idempotencyKey: key, amountMinor } = charge;
  const money = () => ({ kind: 'CHARGE', key, amountMinor }) as const;
  const call = { name: 'chargePayment', input: charge, summary: `payment of ${order.total} outside`, money } as const;
  const why = `${order.total} is to be paid outside the payment service: "resolve" records that it was, "skip" cancels the order`;
  for (;;) {
    const decision = await awaitDecision(saga, call, createRejection(failureTypes.notPossible, why));
    if (decision.action === 'resolve') return;
    if (decision.action === 'skip') throw new StepSkipped(decision);
    // There is nothing to try again: it goes on waiting.
  }
}
