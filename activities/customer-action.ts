import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import type { ChargeOutcome, ChargeRequest } from '../src/gateways/payment.ts';
import { findPaymentAction } from '../src/repositories/payment-actions.ts';
import { CustomerActionRequired } from './customer-action-required.ts';
import { awaitingAnswer, refusal } from './failures.ts';
import type { ActivityDependencies, Awaitable } from './step-activity.ts';

/** What paying takes. */
export interface PayingDependencies extends ActivityDependencies {
  /** How long a customer has to confirm a payment, in milliseconds. */
  readonly actionWindowMs: number;
}

/** What a customer is told who has not confirmed a payment in time. */
const NOT_CONFIRMED = 'AUTHENTICATION_TIMED_OUT';

/**
 * Waits for the customer: throws `CustomerActionRequired` while there is time. When it is over, the charge is voided at the payment service, so
 * that nothing is taken any more, and declined.
 */
export async function awaitCustomer(
  { db, gateways, actionWindowMs }: PayingDependencies,
  { orderId, idempotencyKey, currency, awaitedSince }: ChargeRequest & Awaitable,
  { paymentId, nextAction }: Extract<ChargeOutcome, { outcome: 'action_required' }>,
): Promise<never> {
  const asked = await findPaymentAction(db, orderId, idempotencyKey);
  const until = asked?.until ?? new Date(Date.now() + actionWindowMs);
  if (until.getTime() <= Date.now()) {
    await gateways.payment.voidCharge(orderId, idempotencyKey, currency);
    throw notConfirmedInTime();
  }
  const from = `payment service as payment ${paymentId}, which the customer has to confirm until ${until.toISOString()}`;
  const failure = awaitingAnswer(from, awaitedSince ?? new Date().toISOString(), until);
  throw new CustomerActionRequired({ idempotencyKey, nextAction, until }, failure);
}

/** Throws the decline of a charge that was voided since its customer has not confirmed it in time; an attempt before has voided it, and its answer was lost. */
export async function refuseIfOverdue({ db }: PayingDependencies, charge: ChargeRequest): Promise<void> {
  const asked = await findPaymentAction(db, charge.orderId, charge.idempotencyKey);
  if (asked && asked.until.getTime() <= Date.now()) throw notConfirmedInTime();
}

function notConfirmedInTime(): ApplicationFailure {
  return refusal(failureTypes.paymentDeclined, 'the customer has not confirmed the payment in time', NOT_CONFIRMED);
}
