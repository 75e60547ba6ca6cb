import { ApplicationFailure } from '@temporalio/common';
import { keyByHand } from '../src/domain/book-refund.ts';
import { MADE_BY_HAND, wholeKeyOf, type PaymentMade, type PaymentRequest } from '../src/domain/payment-part.ts';
import { TOO_MANY_DECLINES, TooManyDeclinesRefusal } from '../src/domain/decline-limits.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { ChargingRules } from '../src/domain/order-rules.ts';
import { requireFewDeclines } from '../src/orders/require-few-declines.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { ChargeOutcome, ChargeRequest } from '../src/gateways/payment.ts';
import { findSettlement } from '../src/repositories/payment-webhooks.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import type { Db } from '../src/repositories/schema.ts';
import { awaitCustomer, refuseIfOverdue, type PayingDependencies } from './customer-action.ts';
import { awaitingAnswer, refusal } from './failures.ts';
import { keysOfCharges, refundOrder, type GivenBack, type OrderRefund } from './give-back.ts';
import { unlessGoodsLeft } from './goods-left.ts';
import { payInParts } from './pay-in-parts.ts';
import { stepActivity, type ActivityDependencies, type Awaitable } from './step-activity.ts';

/** Charging and refunding. */
export function paymentActivities(dependencies: PayingDependencies, rules: ChargingRules) {
  const { db, gateways } = dependencies;
  const { payment } = gateways;
  return {
    /**
     * Charges once. Key: `<order id>:charge:<n>`, n counting the payments tried, and `<order id>:charge:<n>:<part>` of each part of one that is
     * made with several methods: when one of them is declined, those before it have gone back. Compensation: `refundPaymentIfCharged`.
     * A charge whose outcome is not known is looked up by its key before anything else: at the payment service, or else among its webhooks.
     * AWAITING_ANSWER when the payment service answers later, or when the customer has to confirm the charge, which is voided and declined
     * when they don't in time.
     * Before another payment method is tried, the declines so far are counted: when they are too many, the service isn't asked.
     * Refused: PAYMENT_DECLINED (details: decline code), ALREADY_COMPENSATED.
     */
    chargePayment: stepActivity('chargePayment', dependencies, {
      run: (input: PaymentRequest & Awaitable, { mayHaveActed }) =>
        payByMethods(dependencies, 'charge', input, {
          mayHaveActed,
          allow: () => requireFewDeclinesBefore(db, rules, input),
        }),
      paymentStatusAfter: (failure) => {
        if (!failure) return 'CAPTURED';
        if (failure.type === failureTypes.awaitingAnswer) return 'PENDING';
        return failure.type === failureTypes.unreachable ? 'QUEUED' : 'UNKNOWN';
      },
    }),

    /**
     * Refunds whatever was charged for the order, if anything, and makes a late charge impossible; returns the total refunded.
     * Key: the order id. Right at any time, any number of times. Refused: GOODS_HAVE_LEFT. What was paid outside the payment service
     * is DUE_BY_HAND.
     */
    refundPaymentIfCharged: stepActivity('refundPaymentIfCharged', dependencies, {
      run: unlessGoodsLeft(db, (input: OrderRefund): Promise<GivenBack> => refundOrder(dependencies, input)),
      paymentStatusAfter: refundingWhenFailed,
    }),

    /**
     * Refunds a charge that was made by hand instead, should the payment service have made it after all, and forbids it. Retried
     * until it succeeds: the order doesn't wait for it. Key: the charge's.
     */
    forbidCharge: ({ orderId, idempotencyKey, currency }: ForbiddenCharge): Promise<void> =>
      retriable(() => payment.voidCharge(orderId, idempotencyKey, currency)),

    /**
     * Forbids every later charge of an order that was refunded by hand, and refunds what the payment service has charged for it
     * without anybody knowing. Retried until it succeeds. Key: the order id.
     */
    forbidCharges: ({ orderId, currency }: Pick<OrderRefund, 'orderId' | 'currency'>): Promise<void> =>
      retriable(async () => payment.voidOrder(orderId, currency, keysOfCharges(await findBooks(db, orderId)))),
  };
}

/** A charge that the payment service must not make any more. */
type ForbiddenCharge = Pick<ChargeRequest, 'orderId' | 'idempotencyKey' | 'currency'>;

/** Runs `act`; whatever goes wrong, it is tried again. */
async function retriable(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw ApplicationFailure.fromError(error, { nonRetryable: false });
  }
}

/** What an order says of its payment while a refund of it is retried. */
export function refundingWhenFailed(failure: ApplicationFailure | undefined): 'REFUNDING' | undefined {
  return failure && 'REFUNDING';
}

function isFirst({ orderId, idempotencyKey }: PaymentRequest): boolean {
  return idempotencyKey === `${orderId}:charge:1`;
}

/** Throws a decline before another payment method is tried when there were too many. */
export async function requireFewDeclinesBefore(db: Db, rules: ChargingRules, input: PaymentRequest): Promise<void> {
  if (!isFirst(input)) await requireFewDeclines({ db, rules }, { orderId: input.orderId }).catch(refuseAsDecline);
}

function refuseAsDecline(error: unknown): never {
  if (!(error instanceof TooManyDeclinesRefusal)) throw error;
  throw refusal(failureTypes.paymentDeclined, error.message, TOO_MANY_DECLINES);
}

/** Takes or holds a payment once, with one method or several; the limit of declines is looked at before the first of them. */
export function payByMethods(
  dependencies: PayingDependencies,
  operation: PayingOperation,
  { awaitedSince, ...input }: PaymentRequest & Awaitable,
  { mayHaveActed, allow }: { readonly mayHaveActed: boolean; readonly allow: () => Promise<void> },
): Promise<PaymentMade> {
  const payPart = (charge: ChargeRequest, index: number) =>
    payOnce(dependencies, operation, awaitedSince === undefined ? charge : { ...charge, awaitedSince }, {
      mayHaveActed,
      ...(index === 0 && { allow }),
    });
  return payInParts(dependencies, input, payPart, { isQuick: !mayHaveActed });
}

/**
 * Takes or holds the money of one key once, whether or not an earlier attempt has; a decline and a tombstone are refusals. `allow` throws a
 * refusal when the service is not to be asked for the money.
 */
export async function payOnce(
  dependencies: PayingDependencies,
  operation: PayingOperation,
  input: ChargeRequest & Awaitable,
  { mayHaveActed, allow }: { readonly mayHaveActed: boolean; readonly allow?: () => Promise<void> },
): Promise<PaymentMade> {
  const { db } = dependencies;
  const known = mayHaveActed ? await findEarlier(db, input, () => findOutcome(dependencies, input)) : undefined;
  if (known && 'isByHand' in known) return known;
  if (known) return settle(dependencies, operation, known, input);
  await allow?.();
  return pay(dependencies, operation, input);
}

type PayingOperation = 'charge' | 'authorize';

/**
 * What came of a charge before: that an operator has made it by hand, else what `find` knows of it. What the payment service has made beside
 * a payment by hand goes back, and is no payment of the order. While the database is away `undefined` is still believed, so that the service
 * is asked for the money; anything else throws.
 */
export async function findEarlier<Found extends object>(
  db: Db,
  { orderId, idempotencyKey }: Pick<ChargeRequest, 'orderId' | 'idempotencyKey'>,
  find: () => Promise<Found | undefined>,
): Promise<Found | typeof MADE_BY_HAND | undefined> {
  const isByHand = isMadeByHand(db, orderId, idempotencyKey);
  if (await isByHand.catch(() => false)) return MADE_BY_HAND;
  const found = await find();
  if (found) await isByHand;
  return found;
}

/**
 * What became of a charge. The payment service's books have the last word: its messages may be late, doubled or in another order, and
 * contradict them. While the books can't be read, what it has said by itself is enough.
 */
async function findOutcome(
  dependencies: ActivityDependencies,
  input: ChargeRequest,
): Promise<ChargeOutcome | undefined> {
  try {
    return await dependencies.gateways.payment.findCharge(input.idempotencyKey);
  } catch (error) {
    const said = await saidByWebhook(dependencies, input);
    if (!said) throw error;
    return said;
  }
}

/** What the service said of this very charge by itself. */
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

async function pay(
  dependencies: PayingDependencies,
  operation: PayingOperation,
  input: ChargeRequest & Awaitable,
): Promise<PaymentMade> {
  const { db, gateways } = dependencies;
  try {
    return await settle(dependencies, operation, await gateways.payment[operation](input), input);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'PAYMENT_VOIDED') throw error;
    if (await isMadeByHand(db, input.orderId, input.idempotencyKey)) return MADE_BY_HAND;
    await refuseIfOverdue(dependencies, input);
    throw refusal(failureTypes.alreadyCompensated, 'the order was voided first');
  }
}

/** Whether an operator has made a charge by hand. A workflow that was reset to before that does not know of it. */
export async function isMadeByHand(db: Db, orderId: string, chargeKey: string): Promise<boolean> {
  const keys = [chargeKey, wholeKeyOf(chargeKey)].map(keyByHand);
  return (await findBooks(db, orderId)).some(({ idempotencyKey }) => keys.includes(idempotencyKey));
}

async function settle(
  dependencies: PayingDependencies,
  operation: PayingOperation,
  outcome: ChargeOutcome,
  input: ChargeRequest & Awaitable,
): Promise<PaymentMade> {
  if (outcome.outcome === 'action_required') return awaitCustomer(dependencies, input, outcome);
  const isHeld = outcome.outcome === 'authorized' && operation === 'authorize';
  // What is only held is no charge yet.
  if (outcome.outcome !== 'declined' && outcome.outcome !== 'captured' && !isHeld) {
    const since = input.awaitedSince ?? new Date().toISOString();
    throw awaitingAnswer(`payment service as payment ${outcome.paymentId}`, since);
  }
  if (outcome.outcome === 'declined') {
    throw refusal(failureTypes.paymentDeclined, 'payment declined', outcome.declineCode);
  }
  return { paymentId: outcome.paymentId };
}
