import type { ApplicationFailure } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { ChargeOutcome, ChargeRequest } from '../src/gateways/payment.ts';
import { findSettlement } from '../src/repositories/payment-webhooks.ts';
import { refusal } from './failures.ts';
import { unlessGoodsLeft } from './goods-left.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Charging and refunding. */
export function paymentActivities(dependencies: ActivityDependencies) {
  const { db, gateways } = dependencies;
  const { payment } = gateways;
  return {
    /**
     * Charges once. Key: `<order id>:charge:<n>`, n counting the payment methods tried. Compensation: `refundPaymentIfCharged`.
     * A charge whose outcome is not known is looked up by its key before anything else: among the payment service's webhooks, then there.
     * Refused: PAYMENT_DECLINED (details: decline code), ALREADY_COMPENSATED.
     */
    chargePayment: stepActivity('chargePayment', dependencies, {
      run: (input: ChargeRequest, { mayHaveActed }) => chargeOnce(dependencies, input, mayHaveActed),
      paymentStatusAfter: (failure) => {
        if (!failure) return 'CAPTURED';
        return failure.type === failureTypes.unreachable ? 'QUEUED' : 'UNKNOWN';
      },
    }),

    /**
     * Refunds whatever was charged for the order, if anything, and makes a late charge impossible; returns the total refunded.
     * Key: the order id. Right at any time, any number of times. Refused: GOODS_HAVE_LEFT.
     */
    refundPaymentIfCharged: stepActivity('refundPaymentIfCharged', dependencies, {
      run: unlessGoodsLeft(
        db,
        async ({ orderId, currency }: { readonly orderId: string; readonly currency: string }) => ({
          refundedMinor: await payment.voidOrder(orderId, currency),
        }),
      ),
      paymentStatusAfter: refundingWhenFailed,
    }),
  };
}

/** What an order says of its payment while a refund of it is retried. */
export function refundingWhenFailed(failure: ApplicationFailure | undefined): 'REFUNDING' | undefined {
  return failure && 'REFUNDING';
}

/** Takes the money of one key once, whether or not an earlier attempt has; a decline and a tombstone are refusals. */
export async function chargeOnce(
  dependencies: ActivityDependencies,
  input: ChargeRequest,
  mayHaveActed: boolean,
): Promise<{ readonly paymentId: string }> {
  const { payment } = dependencies.gateways;
  const known = mayHaveActed
    ? ((await saidByWebhook(dependencies, input)) ?? (await payment.findCharge(input.idempotencyKey)))
    : undefined;
  return settle(known ?? (await charge(dependencies, input)));
}

/** What the service said of this very charge by itself; while our own database is away, the service itself is asked. */
async function saidByWebhook(
  { db, logger }: ActivityDependencies,
  input: ChargeRequest,
): Promise<ChargeOutcome | undefined> {
  try {
    const said = await findSettlement(db, input);
    if (!said) return undefined;
    const { outcome, paymentId, declineCode } = said;
    return outcome === 'captured' ? { outcome, paymentId } : { outcome, declineCode: declineCode ?? 'DECLINED' };
  } catch (error) {
    logger.warn({ err: error, order_id: input.orderId }, 'webhooks not looked at');
    return undefined;
  }
}

async function charge({ gateways }: ActivityDependencies, input: ChargeRequest): Promise<ChargeOutcome> {
  try {
    return await gateways.payment.charge(input);
  } catch (error) {
    const voided = error instanceof GatewayError && error.code === 'PAYMENT_VOIDED';
    throw voided ? refusal(failureTypes.alreadyCompensated, 'the order was voided first') : error;
  }
}

function settle(outcome: ChargeOutcome): { readonly paymentId: string } {
  if (outcome.outcome === 'declined') {
    throw refusal(failureTypes.paymentDeclined, 'payment declined', outcome.declineCode);
  }
  return { paymentId: outcome.paymentId };
}
