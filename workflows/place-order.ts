import { ApplicationFailure, CancellationScope, isCancellation } from '@temporalio/workflow';
import { failureTypes, isRefusal } from '../src/domain/failures.ts';
import { SAGA_ACTOR, type OrderFailure } from '../src/domain/order.ts';
import { awaitAmendment, outOfStock } from './await-goods.ts';
import { chargePayment, paymentDeclined, type Payment } from './charge-payment.ts';
import { cancelOrder, type Cancellation } from './cancel-order.ts';
import type { Order } from './order.ts';
import { recordStatus } from './record-status.ts';
import { StepSkipped, type Saga } from './saga.ts';
import { refundPayment, releaseInventory } from './undos.ts';

/** Reserve, charge, confirm; on anything that ends it early, everything is taken back and the order is cancelled. */
export async function placeOrder(order: Order, saga: Saga): Promise<void> {
  try {
    // What a cancellation interrupts; taking back is not part of it.
    order.interruptible = new CancellationScope({ cancellable: true });
    if (order.inbox.peek('cancelOrder')) order.interruptible.cancel();
    await order.interruptible.run(() => runSteps(order, saga));
  } catch (error) {
    await cancelOrder(order, saga, reasonOf(error, order));
  } finally {
    order.interruptible = undefined;
  }
}

async function runSteps(order: Order, saga: Saga): Promise<void> {
  const { orderId, lines, reservationTtlMs: ttlMs } = order.input;

  // Both before the first step: an attempt at this task that was lost with its worker may have come further than this one will.
  saga.undoBy(releaseInventory(order));
  saga.undoBy(refundPayment(order));

  const reservation = await saga.step({
    name: 'reserveInventory',
    input: { orderId, lines, ttlMs },
    summary: `reserve ${lines.length} line(s)`,
  });

  const payment = await chargePayment(order, saga);

  await confirmOrder(order, saga, { reservation, payment });
}

/** Confirms as soon as the goods suffice for what is ordered: they may have run out while the order waited to be paid. */
async function confirmOrder(
  order: Order,
  saga: Saga,
  { reservation, payment }: { reservation: { readonly id: string } | undefined; payment: Payment },
): Promise<void> {
  for (let times = 1; ; times += 1) {
    const input = {
      orderId: order.id,
      reservationId: reservation?.id,
      paymentMethod: payment.method,
      charge: payment.transaction,
      steps: saga.records,
    };
    try {
      const confirmed = await saga.step({ name: 'confirmOrder', input, summary: `confirm ${order.total}` });
      if (confirmed) order.moveTo(confirmed.status);
      else await confirmByHand(order);
      return;
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== failureTypes.outOfStock) throw error;
      await awaitAmendment(order, error, times);
    }
  }
}

/** An operator resolved the confirmation: the stock is theirs to vouch for, the status still is ours to write. */
async function confirmByHand(order: Order): Promise<void> {
  await recordStatus(order, {
    to: 'CONFIRMED',
    key: 'confirmed',
    actor: SAGA_ACTOR,
    reason: 'confirmed by an operator',
    sagaState: 'COMPLETED',
    paymentStatus: 'CAPTURED',
  });
}

/** Why the saga ended early. Anything but a known reason is a defect: rethrown, it keeps the workflow task for the next deploy. */
function reasonOf(error: unknown, order: Order): Cancellation {
  if (isCancellation(error)) {
    const command = order.inbox.peek('cancelOrder')?.command;
    return { actor: command?.actor ?? SAGA_ACTOR, reason: command?.reason || 'cancelled' };
  }
  if (error instanceof StepSkipped) {
    const { actor, reason } = error.command;
    return { actor, reason: reason || error.message };
  }
  if (error instanceof ApplicationFailure && isRefusal(error.type)) {
    return { actor: SAGA_ACTOR, reason: error.message, failure: failureOf(error) };
  }
  throw error;
}

function failureOf(refusal: ApplicationFailure): OrderFailure | undefined {
  if (refusal.type === failureTypes.outOfStock) return outOfStock(refusal);
  return refusal.type === failureTypes.paymentDeclined ? paymentDeclined(refusal) : undefined;
}
