import { ApplicationFailure } from '@temporalio/workflow';
import { declinedCharge, takenOrHeld } from '../src/domain/captured-charge.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { CommandResult, CreateOrderInput, OrderCommand } from '../src/domain/messages.ts';
import { SAGA_ACTOR, type OrderFailure } from '../src/domain/order.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { PendingCommand } from './command-queue.ts';
import { captureCharge, payingSteps, type CapturedPayment } from './authorize-payment.ts';
import { createRejection } from './create-rejection.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { forbidCharge } from './forbid-charge.ts';
import type { OrderRun } from './order-run.ts';
import { commitStatus, recordStatus } from './record-status.ts';
import { reviewOrder } from './review-order.ts';

/** A charge that went through; without a transaction when an operator made it by hand, or there was nothing to charge. */
export interface Payment {
  readonly method: string;
  readonly transaction: PaymentTransactionRecord | undefined;
}

/**
 * Charges the order, unless its total is 0 or it is paid already. A declined card keeps the reservation and waits in PAYMENT_FAILED for another payment method;
 * when none comes before the window closes, the decline is thrown.
 */
export async function chargePayment(order: OrderRun, saga: CreateOrderSaga): Promise<Payment> {
  if (!isToBeCharged(order.input)) {
    return { method: order.state.paymentMethod, transaction: undefined };
  }
  let deadline: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const charge = newCharge(order, attempt);
    try {
      return await runCharge(order, saga, charge);
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== failureTypes.paymentDeclined) throw error;
      deadline ??= Date.now() + order.input.paymentRetryWindowMs;
      await recordDecline(order, saga, charge, { refusal: error, attempt, deadline });
      const offer = await order.commands.next(isRetryPayment, { timeoutMs: deadline - Date.now() });
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

type RetryPayment = Extract<OrderCommand, { name: 'retryPayment' }>;

function isRetryPayment(command: OrderCommand): command is RetryPayment {
  return command.name === 'retryPayment';
}

/** The order's charge, `attempt` counting the payment methods tried. */
export function newCharge(order: OrderRun, attempt: number) {
  const { orderId, totalMinor, currency } = order.input;
  const { paymentMethod } = order.state;
  return { orderId, idempotencyKey: `${orderId}:charge:${attempt}`, amountMinor: totalMinor, currency, paymentMethod };
}

async function runCharge(
  order: OrderRun,
  saga: CreateOrderSaga,
  charge: ReturnType<typeof newCharge>,
): Promise<Payment> {
  const { idempotencyKey, paymentMethod: method } = charge;
  const take = order.input.paymentCapture ? captureCharge : takeCharge;
  const { paymentId } = await take(order, saga, charge);
  if (paymentId === undefined) {
    forbidCharge(order, idempotencyKey);
    return { method, transaction: undefined };
  }
  const transaction = takenOrHeld(charge, paymentId, order.input.paymentCapture);
  order.change({ kind: 'charged', charge: transaction });
  return { method, transaction };
}

function takeCharge(
  order: OrderRun,
  saga: CreateOrderSaga,
  charge: ReturnType<typeof newCharge>,
): Promise<CapturedPayment> {
  const { idempotencyKey, amountMinor } = charge;
  const summary = `charge ${order.total}`;
  const money = () => ({ kind: 'CHARGE', key: idempotencyKey, amountMinor }) as const;
  return order.requesting({ step: 'chargePayment', key: idempotencyKey }, async (answer) => {
    const charged = await saga.run({ name: 'chargePayment', input: charge, summary, answer, money });
    return { paymentId: charged?.paymentId };
  });
}

async function recordDecline(
  order: OrderRun,
  saga: CreateOrderSaga,
  charge: ReturnType<typeof newCharge>,
  { refusal, attempt, deadline }: { refusal: ApplicationFailure; attempt: number; deadline: number },
): Promise<void> {
  const declineCode = declineCodeOf(refusal);
  const declined = payingSteps.findLast((step) => saga.ledger.stateOf(step) === 'REFUSED') ?? 'chargePayment';
  await recordStatus(order, {
    to: 'PAYMENT_FAILED',
    key: `payment-failed:${attempt}`,
    actor: SAGA_ACTOR,
    reason: `payment declined: ${declineCode}`,
    sagaState: 'RUNNING',
    paymentStatus: 'FAILED',
    paymentRetryUntil: new Date(deadline).toISOString(),
    failure: describeDecline(refusal),
    transactions: [declinedCharge(charge, declineCode)],
    reservationId: order.state.reservationId,
    steps: [
      ...saga.ledger.records.filter(({ step }) => step !== declined),
      saga.ledger.record(declined, { state: 'REFUSED', lastError: declineCode }),
    ],
  });
}

async function acceptOffer(
  order: OrderRun,
  { command, resolve, reject }: PendingCommand<RetryPayment, CommandResult>,
  attempt: number,
): Promise<void> {
  const { payment_method: paymentMethod, actor, reason } = command.input;
  order.change({ kind: 'paymentMethodOffered', paymentMethod });
  try {
    await commitStatus(order, {
      to: 'PENDING',
      key: `payment-retried:${attempt}`,
      actor,
      reason: reason || 'another payment method offered',
      sagaState: 'RUNNING',
      paymentStatus: 'PENDING',
      paymentMethod,
    });
  } catch (interruption) {
    reject(createRejection(failureTypes.transitionNotAllowed, 'the order is being cancelled'));
    throw interruption;
  }
  // Answered here and now: what comes of the charge is read from the order, as after the first one.
  if (order.status !== 'CANCELLED') resolve({ status: order.status });
  // An attempt at the workflow task that was lost had found the window closed; the tombstones refuse what follows here.
  else reject(createRejection(failureTypes.transitionNotAllowed, 'the order is CANCELLED: no payment is open'));
}

/** What the customer is told of a decline. */
export function describeDecline(refusal: ApplicationFailure): OrderFailure {
  return { code: 'ORD003', message: 'payment declined', details: [{ decline_code: declineCodeOf(refusal) }] };
}

function declineCodeOf({ details }: ApplicationFailure): string {
  const [code] = details ?? [];
  return typeof code === 'string' ? code : 'DECLINED';
}
