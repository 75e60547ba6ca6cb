import { uuidv7 } from 'uuidv7';
import { startFakeStripe } from '../../../dev/stripe/stripe-server.ts';
import { stripePaymentGateway } from '../../../src/gateways/stripe/stripe-payment.ts';
import { openDatabase } from '../../../src/repositories/database.ts';
import { stripeRecords } from '../../../src/repositories/stripe-intents.ts';
import { captureLog } from '../../setup/captured-log.ts';
import { createTestDatabase } from '../../setup/database.ts';

/** Stripe's gateway over HTTP to a fake of Stripe's, with its records in a real database. */
export async function startStripeRig({ timeoutMs = 3_000 } = {}) {
  const stripe = await startFakeStripe();
  const testDatabase = await createTestDatabase();
  const database = openDatabase(testDatabase.runningUrl, { max: 4, name: 'stripe tests', onError: () => {} });
  const { db } = database;
  const owner = openDatabase(testDatabase.url, { max: 1, name: 'stripe tests', onError: () => {} });
  const records = stripeRecords(db);
  const settings = {
    secretKey: 'sk_test_key',
    apiUrl: stripe.url,
    timeoutMs,
    returnUrl: undefined,
    isCapturedInParts: false,
  };
  const newGateway = (more: { returnUrl?: string; isCapturedInParts?: boolean } = {}) =>
    stripePaymentGateway({ ...settings, ...more }, records, captureLog().logger);
  return {
    stripe,
    db,
    records,
    /** A gateway that knows nothing but what is on record, as one of a process that has started just now. */
    newGateway,
    gateway: newGateway(),
    /** Makes what is on record of a charge older than any of Stripe's promises holds. */
    age: (idempotencyKey: string, hours: number) =>
      owner.db
        .updateTable('stripe_intents')
        .set({ started_at: new Date(Date.now() - hours * 3_600_000) })
        .where('idempotency_key', '=', idempotencyKey)
        .execute(),
    stop: async () => {
      await database.close();
      await owner.close();
      await testDatabase.drop();
      await stripe.stop();
    },
  };
}

/** A charge of EUR 25.00 of a new order. */
export function newCharge(
  more: { orderId?: string; paymentMethod?: string; amountMinor?: number; currency?: string } = {},
) {
  const { orderId = uuidv7(), paymentMethod = 'pm_card_visa', amountMinor = 2_500, currency = 'EUR' } = more;
  return { orderId, idempotencyKey: `${orderId}:charge:1`, amountMinor, currency, paymentMethod };
}

/** The capture of all that {@link newCharge} has authorised. */
export function captureOf({ orderId, idempotencyKey, ...charge }: ReturnType<typeof newCharge>, paymentId: string) {
  const { amountMinor, currency } = charge;
  const key = `${orderId}:capture:1`;
  return {
    orderId,
    idempotencyKey: key,
    authorizationKey: idempotencyKey,
    paymentId,
    amountMinor,
    currency,
    isFinal: true,
  };
}
