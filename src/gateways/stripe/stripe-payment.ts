import type { Logger } from '../../logger.ts';
import type { PaymentGateway } from '../payment.ts';
import { captureOnce, findCapture } from './capture-once.ts';
import { chargeOnce, findCharge, type StripeAccess } from './charge-once.ts';
import { listMovements } from './list-movements.ts';
import { refundOnce } from './refund-once.ts';
import { openStripe, type StripeSettings } from './stripe-api.ts';
import type { StripeRecords } from './stripe-records.ts';
import { voidCharge, voidOrder } from './void-charges.ts';

/** Payments by Stripe's payment intents; `records` is what is remembered of them. Stripe's library is loaded at the first call. */
export function stripePaymentGateway(settings: StripeSettings, records: StripeRecords, logger: Logger): PaymentGateway {
  let opened: Promise<StripeAccess> | undefined;
  const open = () => (opened ??= openStripe(settings, logger).then((api) => ({ api, records, settings })));
  return {
    charge: async (request) => chargeOnce(await open(), request, 'automatic'),
    authorize: async (request) => chargeOnce(await open(), request, 'manual'),
    capture: async (request) => captureOnce(await open(), request),
    findCharge: async (idempotencyKey) => findCharge(await open(), idempotencyKey),
    findCapture: async (idempotencyKey) => findCapture(await open(), idempotencyKey),
    voidOrder: async (orderId, currency, except) => voidOrder(await open(), orderId, currency, except),
    voidCharge: async (_, idempotencyKey, currency) => voidCharge(await open(), idempotencyKey, currency),
    refund: async (request) => refundOnce(await open(), request),
    listMovements: async (query) => listMovements((await open()).api, query),
  };
}
