import type { Logger } from '../../logger.ts';
import type { ChargeOutcome, ChargeRequest, PaymentGateway } from '../payment.ts';
import { captureOnce, findCapture, type Captured, type CaptureRequest } from './capture-once.ts';
import { chargeOnce, findCharge, type StripeAccess } from './charge-once.ts';
import { refundOnce } from './refund-once.ts';
import { openStripe, type StripeSettings } from './stripe-api.ts';
import type { StripeOutcome } from './stripe-outcome.ts';
import type { StripeRecords } from './stripe-records.ts';
import { voidCharge, voidOrder } from './void-charges.ts';

/** Payments that are authorised first and captured later. */
export interface StripeGateway extends PaymentGateway {
  /** Holds the money, once per key; otherwise as `charge`. */
  readonly authorize: (request: ChargeRequest) => Promise<StripeOutcome>;
  /** Takes what is held, once per key. Refused AUTHORIZATION_EXPIRED, CAPTURE_EXCEEDS. */
  readonly capture: (request: CaptureRequest) => Promise<Captured>;
  readonly findCapture: (idempotencyKey: string) => Promise<Captured | undefined>;
}

/** Payments by Stripe's payment intents; `records` is what is remembered of them. Stripe's library is loaded at the first call. */
export function stripePaymentGateway(settings: StripeSettings, records: StripeRecords, logger: Logger): StripeGateway {
  let opened: Promise<StripeAccess> | undefined;
  const open = () => (opened ??= openStripe(settings, logger).then((api) => ({ api, records, settings })));
  return {
    charge: async (request) => toCharge(await chargeOnce(await open(), request, 'automatic')),
    authorize: async (request) => chargeOnce(await open(), request, 'manual'),
    capture: async (request) => captureOnce(await open(), request),
    findCharge: async (idempotencyKey) => {
      const found = await findCharge(await open(), idempotencyKey);
      return found && toCharge(found);
    },
    findCapture: async (idempotencyKey) => findCapture(await open(), idempotencyKey),
    voidOrder: async (orderId, currency, except) => voidOrder(await open(), orderId, currency, except),
    voidCharge: async (_, idempotencyKey, currency) => voidCharge(await open(), idempotencyKey, currency),
    refund: async (request) => refundOnce(await open(), request),
  };
}

/** An authorisation has taken no money yet. */
function toCharge(outcome: StripeOutcome): ChargeOutcome {
  return outcome.outcome === 'authorized' ? { outcome: 'pending', paymentId: outcome.paymentId } : outcome;
}
