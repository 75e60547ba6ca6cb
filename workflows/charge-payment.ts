import { ApplicationFailure } from '@temporalio/workflow';
import { takenOrHeld } from '../src/domain/captured-charge.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { CreateOrderInput } from '../src/domain/messages.ts';
import { SAGA_ACTOR } from '../src/domain/order.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { chargesOf, MADE_BY_HAND, type PaymentMade, type PaymentRequest } from '../src/domain/payment-part.ts';
import { acceptOffer, nextOffer } from './accept-offer.ts';
import { captureCharge, payingSteps } from './authorize-payment.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { forbidCharge } from './forbid-charge.ts';
import { newCharge } from './new-charge.ts';
import type { OrderRun } from './order-run.ts';
import { readDecline } from './read-decline.ts';
import { recordStatus } from './record-status.ts';
import { reviewOrder } from './review-order.ts';

/** A payment that went through, in order of use; without transactions when an operator made it by hand, or there was nothing to charge. */
export interface Payment {
  readonly method: string;
  readonly transactions: readonly PaymentTransactionRecord[];
}

/**
 * Charges the order, unless its total is 0 or it is paid already. A declined card keeps the reservation and waits in PAYMENT_FAILED for another payment method;
 * when none comes before the window closes, the decline is thrown.
 */
export async function chargePayment(order: OrderRun, saga: CreateOrderSaga): Promise<Payment> {
  if (!isToBeCharged(order.input)) {
    return { method: order.state.paymentMethod, transactions: [] };
  }
  let deadline: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const charge = newCharge(order, attempt);
    order.payment = charge;
    try {
      return await runCharge(order, saga, charge);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== failureTypes.paymentDeclined) throw error;
      deadline ??= Date.now() + order.input.paymentRetryWindowMs;
      await recordDecline(order, saga, charge, { refusal: error, attempt, deadline });
      const offer = await nextOffer(order, deadline);
      if (!offer) throw error;
      await acceptOffer(order, offer, attempt);
      await reviewOrder(order, saga, attempt + 1);
    }
  }
}

/** Whether there is anything left to charge for an order that is placed. */
export function isToBeCharged(input: CreateOrderInput): boolean {
  return input.totalMinor > 0 && !isPaidByHand(input);
}

/** Whether an operator had made the charge before the order was resumed. */
function isPaidByHand({ orderId, resume }: CreateOrderInput): boolean {
  const prefix = `${orderId}:charge:`;
  return resume?.chargedByHand?.some((key) => key.startsWith(prefix) && !key.startsWith(`${prefix}amend:`)) ?? false;
}

async function runCharge(order: OrderRun, saga: CreateOrderSaga, charge: PaymentRequest): Promise<Payment> {
  const { paymentMethod: method } = charge;
  const take = order.input.paymentCapture ? captureCharge : takeCharge;
  const made = await take(order, saga, charge);
  if (made.paymentId === undefined) {
    for (const { idempotencyKey } of chargesOf(charge)) forbidCharge(order, idempotencyKey);
    return { method, transactions: [] };
  }
  const transactions = takenOrHeld(charge, made, order.input.paymentCapture);
  order.change({ kind: 'charged', charges: transactions });
  return { method, transactions };
}

function takeCharge(order: OrderRun, saga: CreateOrderSaga, charge: PaymentRequest): Promise<PaymentMade> {
  const { idempotencyKey, amountMinor } = charge;
  const summary = `charge ${order.total}`;
  const money = () => ({ kind: 'CHARGE', key: idempotencyKey, amountMinor }) as const;
  return order.requesting({ step: 'chargePayment', key: idempotencyKey }, async (answer) => {
    const charged = await saga.run({ name: 'chargePayment', input: charge, summary, answer, money });
    return charged ?? MADE_BY_HAND;
  });
}

async function recordDecline(
  order: OrderRun,
  saga: CreateOrderSaga,
  charge: PaymentRequest,
  { refusal, attempt, deadline }: { refusal: ApplicationFailure; attempt: number; deadline: number },
): Promise<void> {
  const { declineCode, failure, transactions, givenBackMinor } = readDecline(charge, refusal);
  if (givenBackMinor > 0) order.change({ kind: 'partsGivenBack', refundedMinor: givenBackMinor, transactions });
  const declined = payingSteps.findLast((step) => saga.ledger.stateOf(step) === 'REFUSED') ?? 'chargePayment';
  await recordStatus(order, {
    to: 'PAYMENT_FAILED',
    key: `payment-failed:${attempt}`,
    actor: SAGA_ACTOR,
    reason: `payment declined: ${declineCode}`,
    sagaState: 'RUNNING',
    paymentStatus: 'FAILED',
    paymentRetryUntil: new Date(deadline).toISOString(),
    failure,
    transactions,
    reservationId: order.state.reservationId,
    steps: [
      ...saga.ledger.records.filter(({ step }) => step !== declined),
      saga.ledger.record(declined, { state: 'REFUSED', lastError: declineCode }),
    ],
  });
}
