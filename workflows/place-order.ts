import { ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { failureTypes, isRefusal } from '../src/domain/failures.ts';
import { SAGA_ACTOR, type OrderFailure } from '../src/domain/order.ts';
import { awaitAmendment, describeShortage } from './await-amendment.ts';
import { cancelOrder, type Cancellation } from './cancel-order.ts';
import { chargePayment, type Payment } from './charge-payment.ts';
import { newCharge } from './new-charge.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import type { OrderRun } from './order-run.ts';
import { StepSkipped } from './park-step.ts';
import { readDecline } from './read-decline.ts';
import { recordStatus } from './record-status.ts';
import { describeRejection, reviewOrder } from './review-order.ts';
import { tryAllSteps } from './try-all-steps.ts';

/** Reserve, review where orders are reviewed, charge, confirm; on anything that ends the saga early, every step is compensated and the order is cancelled. */
export async function placeOrder(order: OrderRun, saga: CreateOrderSaga): Promise<void> {
  await runOrCancel(order, saga, () => runSteps(order, saga));
}

/** Runs what brings an order to its confirmation; on anything that ends it early, every step is compensated and the order is cancelled. */
export async function runOrCancel(order: OrderRun, saga: CreateOrderSaga, run: () => Promise<void>): Promise<void> {
  try {
    // What a cancellation interrupts; compensations are not part of it.
    await order.interruptible.run(run);
  } catch (error) {
    await cancelOrder(order, saga, reasonOf(error, order));
  }
}

async function runSteps(order: OrderRun, saga: CreateOrderSaga): Promise<void> {
  await tryAllSteps(order);
  const { orderId, lines, reservationTtlMs: ttlMs } = order.input;
  const summary = `reserve ${lines.length} line(s)`;
  const reservation = await order.requesting({ step: 'reserveInventory', key: orderId }, (answer) =>
    saga.run({ name: 'reserveInventory', input: { orderId, lines, ttlMs }, summary, answer }),
  );
  if (reservation) order.change({ kind: 'reserved', reservationId: reservation.id });
  await reviewOrder(order, saga, 1);
  const payment = await chargePayment(order, saga);
  await confirmOrder(order, saga, payment);
}

/** Confirms as soon as the stock suffices for what is ordered: goods may have run out while the order waited to be paid. */
async function confirmOrder(
  order: OrderRun,
  saga: CreateOrderSaga,
  { method: paymentMethod, transactions: charges }: Payment,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const { reservationId } = order.state;
    const input = { orderId: order.id, reservationId, paymentMethod, charges, steps: saga.ledger.records };
    try {
      const confirmed = await saga.run({ name: 'confirmOrder', input, summary: `confirm ${order.total}` });
      if (confirmed) order.change({ kind: 'statusRecorded', status: confirmed.status });
      else await recordConfirmedByHand(order, saga);
      return;
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== failureTypes.outOfStock) throw error;
      await awaitAmendment(order, saga, error, attempt);
    }
  }
}

/** An operator resolved the confirmation: the stock is theirs to vouch for, the status is still ours to write. */
export async function recordConfirmedByHand(order: OrderRun, saga: CreateOrderSaga): Promise<void> {
  const { charges, reservationId } = order.state;
  const isHeld = charges.some(({ kind }) => kind === 'AUTHORIZATION');
  await recordStatus(order, {
    to: 'CONFIRMED',
    key: 'confirmed',
    actor: SAGA_ACTOR,
    reason: 'confirmed by an operator',
    sagaState: 'COMPLETED',
    paymentStatus: isHeld ? 'AUTHORIZED' : 'CAPTURED',
    paymentId: charges.at(-1)?.paymentId,
    reservationId,
    transactions: charges,
    steps: saga.ledger.records,
  });
}

/** Why the saga ended early. Anything but a known reason is a defect: thrown again, it keeps the workflow task for the next deploy. */
function reasonOf(error: unknown, order: OrderRun): Cancellation {
  if (isCancellation(error)) {
    const command = order.commands.first('cancelOrder')?.input;
    const reason = command?.reason || 'cancelled';
    return { actor: command?.actor ?? SAGA_ACTOR, reason, isByMessage: true };
  }
  if (error instanceof StepSkipped) {
    const { actor, reason } = error.command;
    return { actor, reason: reason || error.message, isByMessage: true };
  }
  if (error instanceof ApplicationFailure && isRefusal(error.type)) {
    // Every attempt at the workflow task is refused again, if only by the tombstones of these compensations.
    return { actor: SAGA_ACTOR, reason: error.message, failure: failureOf(order, error), isByMessage: false };
  }
  throw error;
}

function failureOf(order: OrderRun, refusal: ApplicationFailure): OrderFailure | undefined {
  if (refusal.type === failureTypes.outOfStock) return describeShortage(refusal);
  if (refusal.type === failureTypes.orderRejected) return describeRejection();
  return refusal.type === failureTypes.paymentDeclined ? readDecline(newCharge(order, 1), refusal).failure : undefined;
}
