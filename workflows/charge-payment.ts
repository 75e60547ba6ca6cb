import { ApplicationFailure } from '@temporalio/workflow';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { RetryPaymentCommand } from '../src/domain/messages.ts';
import { SAGA_ACTOR, type OrderFailure } from '../src/domain/order.ts';
import type { Order } from './order.ts';
import { refuse } from './refuse.ts';
import { recordStatus } from './record-status.ts';
import { Restart } from './restart.ts';
import type { Saga } from './saga.ts';

/** A charge that went through; without a transaction when an operator made it by hand. */
export interface Payment {
  readonly method: string;
  readonly transaction: PaymentTransactionRecord | undefined;
}

/**
 * Charges the order. A declined card keeps the hold and waits in PAYMENT_FAILED for another payment method;
 * when none comes before the window closes, the decline is thrown.
 */
export async function chargePayment(order: Order, saga: Saga): Promise<Payment> {
  const { paymentRetryWindowMs } = order.input;
  let method = order.input.paymentMethod;
  let deadline: number | undefined;
  for (let tries = 1; ; tries += 1) {
    const charge = newCharge(order, method, tries);
    try {
      const result = await runCharge(order, saga, charge);
      return {
        method,
        transaction: result && toTransaction(charge, { status: 'CAPTURED', paymentId: result.paymentId }),
      };
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.type !== failureTypes.paymentDeclined) throw error;
      deadline ??= Date.now() + paymentRetryWindowMs;
      await recordDecline(order, charge, error, tries, deadline);
      const offer = await order.inbox.next(({ name }) => name === 'retryPayment', deadline - Date.now());
      if (!offer) throw error;
      const command = offer.command as RetryPaymentCommand;
      method = command.payment_method;
      order.paymentMethod = method;
      try {
        await recordRetry(order, command, tries);
        // Answered here and now: what comes of the charge is read from the order, as after the first one.
        if (order.status !== 'CANCELLED') offer.resolve({ status: order.status });
        // An attempt at this task that was lost had found the window closed; the tombstones refuse what follows here.
        else offer.reject(refuse(failureTypes.transitionNotAllowed, 'the order is CANCELLED: no payment is open'));
      } catch (interruption) {
        offer.reject(refuse(failureTypes.transitionNotAllowed, 'the order is being cancelled'));
        throw interruption;
      }
    }
  }
}

async function runCharge(order: Order, saga: Saga, charge: ReturnType<typeof newCharge>) {
  const restart = new Restart();
  order.charge = { step: 'chargePayment', idempotencyKey: charge.idempotencyKey, restart };
  try {
    return await saga.step({ name: 'chargePayment', input: charge, summary: `charge ${order.total}`, restart });
  } finally {
    order.charge = undefined;
  }
}

function newCharge(order: Order, paymentMethod: string, tries: number) {
  const { orderId, totalMinor, currency } = order.input;
  return { orderId, idempotencyKey: `${orderId}:charge:${tries}`, amountMinor: totalMinor, currency, paymentMethod };
}

function toTransaction(
  charge: ReturnType<typeof newCharge>,
  outcome: Pick<PaymentTransactionRecord, 'status' | 'paymentId' | 'declineCode'>,
): PaymentTransactionRecord {
  const { idempotencyKey, amountMinor, currency, paymentMethod } = charge;
  return { idempotencyKey, kind: 'CHARGE', amountMinor, currency, paymentMethod, ...outcome };
}

async function recordDecline(
  order: Order,
  charge: ReturnType<typeof newCharge>,
  failure: ApplicationFailure,
  tries: number,
  deadline: number,
): Promise<void> {
  const declineCode = declineCodeOf(failure);
  const paymentRetryUntil = new Date(deadline).toISOString();
  await recordStatus(order, {
    to: 'PAYMENT_FAILED',
    key: `payment-failed:${tries}`,
    actor: SAGA_ACTOR,
    reason: `payment declined: ${declineCode}`,
    sagaState: 'RUNNING',
    paymentStatus: 'FAILED',
    paymentRetryUntil,
    failure: paymentDeclined(failure),
    transactions: [toTransaction(charge, { status: 'DECLINED', declineCode })],
    steps: [{ step: 'chargePayment', state: 'REFUSED', attempts: 1, lastError: declineCode }],
  });
}

async function recordRetry(order: Order, command: RetryPaymentCommand, tries: number): Promise<void> {
  await recordStatus(order, {
    to: 'PENDING',
    key: `payment-retried:${tries}`,
    actor: command.actor,
    reason: command.reason || 'another payment method offered',
    sagaState: 'RUNNING',
    paymentStatus: 'PENDING',
    paymentMethod: command.payment_method,
  });
}

/** What the customer is told of a decline. */
export function paymentDeclined(refusal: ApplicationFailure): OrderFailure {
  return { code: 'ORD003', message: 'payment declined', details: [{ decline_code: declineCodeOf(refusal) }] };
}

function declineCodeOf({ details }: ApplicationFailure): string {
  const [code] = details ?? [];
  return typeof code === 'string' ? code : 'DECLINED';
}
