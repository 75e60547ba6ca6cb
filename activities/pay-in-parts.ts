import { ApplicationFailure } from '@temporalio/common';
import { declinedCharge } from '../src/domain/captured-charge.ts';
import { failureTypes } from '../src/domain/failures.ts';
import {
  chargesOf,
  type GivenBackPart,
  MADE_BY_HAND,
  type PaymentMade,
  type PaymentRequest,
  type RefusedPart,
} from '../src/domain/payment-part.ts';
import type { ChargeRequest } from '../src/gateways/payment.ts';
import { recordDeclinedPart } from '../src/orders/record-declined-part.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import { refusal } from './failures.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Takes, holds or captures one charge. */
type TakeCharge = (charge: ChargeRequest, index: number) => Promise<PaymentMade>;

/**
 * Runs `take` for each charge of a payment in order of use. When one of several is declined, all are voided, the last used first, before the
 * decline is thrown, with a `RefusedPart` as second detail. That it was declined is on record before anything is voided, so that a later
 * attempt goes by that and charges nothing more.
 */
export async function payInParts(
  dependencies: ActivityDependencies,
  payment: PaymentRequest,
  take: TakeCharge,
  { isQuick }: { readonly isQuick: boolean },
): Promise<PaymentMade> {
  const charges = chargesOf(payment);
  const [single] = charges;
  if (!payment.parts && single) return take(single, 0);
  await refuseIfDeclined(dependencies, charges);
  const startedMs = Date.now();
  const partIds: string[] = [];
  for (const [index, charge] of charges.entries()) {
    if (isQuick && Date.now() - startedMs > LATEST_PART_MS) throw tooSlow();
    // One after the other: what a refusal undoes is known by then.
    // oxlint-disable-next-line no-await-in-loop
    const { paymentId } = await take(charge, index).catch((error: unknown) =>
      refusePart(dependencies, charges, index, error),
    );
    // By hand the payment was made as a whole.
    if (paymentId === undefined) return MADE_BY_HAND;
    partIds.push(paymentId);
  }
  return { paymentId: partIds.at(-1) ?? '', partIds };
}

/** A part that begins later on the fast path would not be through within its two seconds. */
const LATEST_PART_MS = 500;

function tooSlow(): ApplicationFailure {
  const message = 'the payment service is slow: the other payment methods are charged off the fast path';
  return ApplicationFailure.create({ type: failureTypes.unreachable, message, nonRetryable: false });
}

/** An earlier attempt has found a part declined: what it may not have voided is voided, and the decline thrown again. */
async function refuseIfDeclined(dependencies: ActivityDependencies, charges: readonly ChargeRequest[]): Promise<void> {
  const [{ orderId } = { orderId: '' }] = charges;
  const declined = (await findBooks(dependencies.db, orderId)).filter(({ status }) => status === 'DECLINED');
  for (const [index, { idempotencyKey }] of charges.entries()) {
    const known = declined.find((one) => one.idempotencyKey === idempotencyKey);
    // oxlint-disable-next-line no-await-in-loop
    if (known) await giveBack(dependencies, charges, index, known.declineCode ?? 'DECLINED');
  }
}

async function refusePart(
  dependencies: ActivityDependencies,
  charges: readonly ChargeRequest[],
  index: number,
  error: unknown,
): Promise<never> {
  const charge = charges[index];
  if (!charge || !(error instanceof ApplicationFailure) || error.type !== failureTypes.paymentDeclined) throw error;
  const [code] = error.details ?? [];
  const declineCode = typeof code === 'string' ? code : 'DECLINED';
  await recordDeclinedPart(dependencies, charge.orderId, declinedCharge(charge, declineCode));
  return giveBack(dependencies, charges, index, declineCode);
}

/** Voids every charge of the payment, made or not, so that none is made late either, and throws the decline. */
async function giveBack(
  { gateways: { payment } }: ActivityDependencies,
  charges: readonly ChargeRequest[],
  declined: number,
  declineCode: string,
): Promise<never> {
  const made = await Promise.all(charges.map(({ idempotencyKey }) => payment.findCharge(idempotencyKey)));
  const givenBack: GivenBackPart[] = [];
  for (const [index, { orderId, idempotencyKey, currency }] of [...charges.entries()].toReversed()) {
    // oxlint-disable-next-line no-await-in-loop
    const refundedMinor = await payment.voidCharge(orderId, idempotencyKey, currency);
    const known = made[index];
    const paymentId = known && 'paymentId' in known ? known.paymentId : undefined;
    if (refundedMinor > 0 && index !== declined) givenBack.push({ part: index + 1, paymentId, refundedMinor });
  }
  const refused: RefusedPart = { part: declined + 1, givenBack };
  throw refusal(failureTypes.paymentDeclined, 'payment declined', declineCode, refused);
}
