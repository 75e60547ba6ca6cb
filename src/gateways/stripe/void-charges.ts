import type Stripe from 'stripe';
import type { IntentRecord } from '../../domain/stripe-intent.ts';
import { GatewayError } from '../gateway-error.ts';
import { stripeKey, type StripeAccess } from './charge-once.ts';
import { findIntents, metadataNames } from './find-intents.ts';
import { readIntent, releaseIntent } from './release-intent.ts';
import { fromStripeAmount } from './stripe-amount.ts';
import { readStripeFailure } from './stripe-error.ts';
import { UNDER_WAY_MS } from './under-way.ts';

/**
 * Releases and refunds everything of an order but the charges with the keys `except`, and refuses every later charge; returns what was
 * refunded, in minor units. Stripe knows no tombstone, so this one is in our database, and nothing gets past it:
 * - the tombstone is committed before the order's intents are read, and a charge puts itself on record before it reads the tombstone: one of
 *   the two sees the other, so no request goes out of which this does not know;
 * - an intent on record, or found by its metadata, is cancelled or refunded;
 * - a request without an intent is under way, lost, or was never sent because its process died: its idempotency key is claimed at Stripe
 *   by an intent that nobody confirms, so that it can't have an effect any more. If Stripe says that the key was used, the request has
 *   arrived; this rejects until its intent shows, or so much time has passed that there is none.
 * A process that dies anywhere in between leaves the tombstone and the records, and whoever tries again does the rest: the saga's compensation,
 * the reconciler, or the message of an intent that is voided.
 */
export async function voidOrder(
  access: StripeAccess,
  orderId: string,
  currency: string,
  except: readonly string[] = [],
): Promise<number> {
  await access.records.bury(orderId);
  let refundedMinor = 0;
  // Of a payment by several methods the one that was used last goes back first.
  for (const record of (await access.records.findOfOrder(orderId)).toReversed()) {
    if (!except.includes(record.idempotencyKey)) refundedMinor += await release(access, record, currency);
  }
  return refundedMinor;
}

/** The same of one charge. */
export async function voidCharge(access: StripeAccess, idempotencyKey: string, currency: string): Promise<number> {
  await access.records.bury(idempotencyKey);
  const record = await access.records.find(idempotencyKey);
  return record ? release(access, record, currency) : 0;
}

async function release(access: StripeAccess, record: IntentRecord, currency: string): Promise<number> {
  const intents = await findAll(access, record);
  if (intents.length === 0) intents.push(...(await claimKeys(access, record)));
  let refunded = 0;
  for (const intent of intents) refunded += await releaseIntent(access.api, intent);
  return fromStripeAmount(refunded, currency);
}

async function findAll({ api }: StripeAccess, record: IntentRecord): Promise<Stripe.PaymentIntent[]> {
  const { intentId, idempotencyKey, startedAt: since, keysUsed } = record;
  if (intentId !== undefined && keysUsed === 0) return [await readIntent(api, intentId)];
  return findIntents(api, { by: 'key', value: idempotencyKey, since });
}

/** Makes sure that no request of this charge has an effect any more; returns the intents that it finds instead. */
async function claimKeys(access: StripeAccess, record: IntentRecord): Promise<Stripe.PaymentIntent[]> {
  const ageMs = Date.now() - record.startedAt.getTime();
  if (ageMs > KEYS_KEPT_MS) return [];
  let isAnyUsed = false;
  for (let used = 0; used <= record.keysUsed; used += 1) {
    const claimed = await claimKey(access, record, used);
    if (claimed) await releaseIntent(access.api, claimed);
    else isAnyUsed = true;
  }
  if (!isAnyUsed) return [];
  const { idempotencyKey: value, startedAt: since } = record;
  const found = await findIntents(access.api, { by: 'key', value, since });
  const isUnderWay = found.every(({ status }) => status === 'canceled') && ageMs < UNDER_WAY_MS;
  if (!isUnderWay) return found;
  throw new GatewayError('unknown', 'payment', 'a charge is under way at Stripe and does not show yet');
}

/** How long Stripe knows an idempotency key at least; a request of before has shown itself or has never arrived. */
const KEYS_KEPT_MS = 24 * 60 * 60_000;

/** An intent that moves no money and takes up one of the charge's idempotency keys; `undefined` when the key was used before. */
async function claimKey(
  { api, records }: StripeAccess,
  { idempotencyKey, orderId }: IntentRecord,
  keysUsed: number,
): Promise<Stripe.PaymentIntent | undefined> {
  const params = {
    // An amount that Stripe takes of everyone. It differs from the charge in what is asked for, so that neither is taken for the other.
    amount: 100,
    currency: 'usd',
    payment_method_types: ['card'],
    description: 'tombstone of a charge that was voided before it was made',
    metadata: { [metadataNames.orderId]: orderId, [metadataNames.key]: idempotencyKey },
  };
  try {
    const intent = await api('void', (stripe) =>
      stripe.paymentIntents.create(params, { idempotencyKey: stripeKey(idempotencyKey, keysUsed) }),
    );
    await records.remember(idempotencyKey, intent.id);
    return intent;
  } catch (error) {
    const failure = error instanceof GatewayError ? readStripeFailure(error.cause) : undefined;
    if (failure?.type === 'StripeIdempotencyError') return undefined;
    throw error;
  }
}
