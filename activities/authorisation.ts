import { failureTypes } from '../src/domain/failures.ts';
import type { ChargingRules } from '../src/domain/order-rules.ts';
import { MADE_BY_HAND, type PaymentMade, type PaymentRequest } from '../src/domain/payment-part.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import type { Captured, ChargeRequest } from '../src/gateways/payment.ts';
import { findBooks } from '../src/repositories/payment-transactions.ts';
import type { PayingDependencies } from './customer-action.ts';
import { refusal } from './failures.ts';
import { keysOfCharges, type OrderRefund } from './give-back.ts';
import { unlessGoodsLeft } from './goods-left.ts';
import { payInParts } from './pay-in-parts.ts';
import { findEarlier, isMadeByHand, payByMethods, requireFewDeclinesBefore } from './payment.ts';
import { stepActivity, type ActivityDependencies, type Awaitable } from './step-activity.ts';

/** What is captured: all that the charges with its key have authorised. */
export type CaptureInput = PaymentRequest & Exclude<PaymentMade, typeof MADE_BY_HAND>;

/** Holding money and taking it. */
export function authorisationActivities(dependencies: PayingDependencies, rules: ChargingRules) {
  const { db, gateways } = dependencies;
  const { payment } = gateways;
  return {
    /**
     * Holds the money once. Key: `<order id>:charge:<n>`, as that of a charge, and so are those of several methods. Compensation: `voidPaymentIfAuthorized`.
     * An authorisation whose outcome is not known is looked up by its key before anything else. AWAITING_ANSWER when the payment
     * service answers later. Refused: PAYMENT_DECLINED (details: decline code), ALREADY_COMPENSATED.
     */
    authorizePayment: stepActivity('authorizePayment', dependencies, {
      run: (input: PaymentRequest & Awaitable, { mayHaveActed }): Promise<PaymentMade> =>
        payByMethods(dependencies, 'authorize', input, {
          mayHaveActed,
          allow: () => requireFewDeclinesBefore(db, rules, input),
        }),
      paymentStatusAfter: (failure) => {
        if (!failure) return 'AUTHORIZED';
        if (failure.type === failureTypes.awaitingAnswer) return 'PENDING';
        return failure.type === failureTypes.unreachable ? 'QUEUED' : 'UNKNOWN';
      },
    }),

    /**
     * Takes what is held once. Key: `<order id>:capture:<n>`, n that of the authorisation, and `<order id>:capture:<n>:<part>` of each of several
     * methods: when one can't be captured, all others have gone back. Compensation: `refundPaymentIfCharged`. A capture
     * whose outcome is not known is looked up by its key before anything else. Refused: PAYMENT_DECLINED when the authorisation has
     * expired, so that another payment method may be given, ALREADY_COMPENSATED.
     */
    capturePayment: stepActivity('capturePayment', dependencies, {
      run: ({ paymentId, partIds = [paymentId], ...input }: CaptureInput, { mayHaveActed }): Promise<PaymentMade> => {
        const captureOnce = async (charge: ChargeRequest, index: number) => {
          const key = captureKey(charge.idempotencyKey);
          const held = { ...charge, paymentId: partIds[index] ?? paymentId };
          const known = mayHaveActed && (await findEarlier(db, charge, () => payment.findCapture(key)));
          return known || (await capture(dependencies, held, key));
        };
        return payInParts(dependencies, input, captureOnce, { isQuick: !mayHaveActed });
      },
      // The money is held, whatever became of an attempt to take it.
      paymentStatusAfter: (failure) => (failure ? 'AUTHORIZED' : 'CAPTURED'),
    }),

    /**
     * Releases what is authorised for the order, if anything, and makes a late authorisation or capture impossible. What was captured and is
     * on record stays. Key: the order id. Right at any time, any number of times. Refused: GOODS_HAVE_LEFT.
     */
    voidPaymentIfAuthorized: stepActivity('voidPaymentIfAuthorized', dependencies, {
      run: unlessGoodsLeft(db, async ({ orderId, currency, charges }: OrderRefund): Promise<void> => {
        const kept = keysOfCharges(await findBooks(db, orderId));
        const captured = charges.filter(({ status }) => status === 'CAPTURED');
        await payment.voidOrder(orderId, currency, [...kept, ...captured.map(({ idempotencyKey }) => idempotencyKey)]);
      }),
    }),
  };
}

/** The key under which an authorisation is captured as a whole. */
function captureKey(authorizationKey: string): string {
  return authorizationKey.replace(':charge:', ':capture:');
}

async function capture(
  { db, gateways }: ActivityDependencies,
  { orderId, idempotencyKey: authorizationKey, paymentId, amountMinor, currency }: ChargeRequest & Captured,
  idempotencyKey: string,
): Promise<PaymentMade> {
  const taken = { orderId, authorizationKey, paymentId, amountMinor, currency };
  try {
    return await gateways.payment.capture({ ...taken, idempotencyKey, isFinal: true });
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (error.code === 'AUTHORIZATION_EXPIRED') {
      throw refusal(failureTypes.paymentDeclined, 'the authorization has expired', error.code);
    }
    if (error.code !== 'PAYMENT_VOIDED') throw error;
    if (await isMadeByHand(db, orderId, authorizationKey)) return MADE_BY_HAND;
    throw refusal(failureTypes.alreadyCompensated, 'the order was voided first');
  }
}
