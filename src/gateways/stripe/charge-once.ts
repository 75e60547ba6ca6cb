import type Stripe from 'stripe';
import type { IntentRecord } from '../../domain/stripe-intent.ts';
import { GatewayError } from '../gateway-error.ts';
import type { ChargeOutcome, ChargeRequest } from '../payment.ts';
import { declineOf } from './decline-of.ts';
import { findIntents, metadataNames } from './find-intents.ts';
import { outcomeOf } from './intent-outcome.ts';
import type { StripeApi, StripeSettings } from './stripe-api.ts';
import { toStripeAmount } from './stripe-amount.ts';
import { readStripeFailure, type StripeFailure } from './stripe-error.ts';
import type { StripeRecords } from './stripe-records.ts';
import { readIntent, releaseIntent } from './release-intent.ts';
import { UNDER_WAY_MS } from './under-way.ts';

/** What charging takes. */
export interface StripeAccess {
  readonly api: StripeApi;
  readonly records: StripeRecords;
  readonly settings: Pick<StripeSettings, 'returnUrl' | 'isCapturedInParts'>;
}

/**
 * Charges or authorises once per key. Before the request goes out it is on record that one may be under way; the answer's intent is put on
 * record at once. A lost reply is right in each case:
 * - the intent is on record: it is read, and nothing is asked for again;
 * - it is not: it is looked for by its metadata, in the list, which shows it at once, and when it is older by the search as well;
 * - it is not found, within 24 hours of the first request: the request is made again with the same idempotency key, by which Stripe returns
 *   what became of the first one, even if that arrives in between;
 * - it is not found, later than that: Stripe knows the key no more, but a request that old has either been found or never arrived.
 * A saved answer 500 says nothing of what came of it, for as long as Stripe keeps it: once nothing is found, the next idempotency key is used,
 * and should two intents come of that, all but one are released wherever intents are looked for.
 * Refused PAYMENT_VOIDED when a void came first; when one comes while the request is under way, what was made is released at once.
 */
export async function chargeOnce(
  access: StripeAccess,
  request: ChargeRequest,
  captureMethod: 'manual' | 'automatic',
): Promise<ChargeOutcome> {
  const record = await access.records.begin(request);
  if (record.isVoided) throw voided();
  const known = record.isNew ? undefined : await findIntent(access, record);
  if (known) return settle(access, record, known);
  const amount = toStripeAmount(request.amountMinor, request.currency);
  if (amount === undefined) return { outcome: 'declined', declineCode: 'AMOUNT_NOT_CHARGEABLE' };
  const params = paramsOf(access, request, amount, captureMethod);
  const idempotencyKey = stripeKey(record.idempotencyKey, record.keysUsed);
  try {
    const intent = await access.api('charge', (stripe) => stripe.paymentIntents.create(params, { idempotencyKey }));
    return await settle(access, record, intent);
  } catch (error) {
    return settleFailure(access, record, error);
  }
}

/** The outcome of the charge with this key, as Stripe has it now; `undefined` when it never got there, or is voided. */
export async function findCharge(access: StripeAccess, idempotencyKey: string): Promise<ChargeOutcome | undefined> {
  const record = await access.records.find(idempotencyKey);
  const intent = record && (await findIntent(access, record));
  if (!record || !intent) return undefined;
  if (record.isVoided && intent.status === 'canceled') return undefined;
  return settle(access, record, intent);
}

/** The intent of a charge: by our own record of it, else by its metadata. Others of the same key are released. */
export async function findIntent(
  { api, records }: Pick<StripeAccess, 'api' | 'records'>,
  record: IntentRecord,
): Promise<Stripe.PaymentIntent | undefined> {
  const { intentId, idempotencyKey, startedAt, keysUsed } = record;
  if (intentId !== undefined && keysUsed === 0) return readIntent(api, intentId);
  const found = await findIntents(api, { by: 'key', value: idempotencyKey, since: startedAt });
  const kept = found.find(({ id }) => id === intentId) ?? found.toSorted(byProgress)[0];
  for (const other of found) if (other !== kept) await releaseIntent(api, other);
  if (kept && kept.id !== intentId) await records.remember(idempotencyKey, kept.id);
  return kept && readIntent(api, kept.id);
}

/** Stripe's idempotency key: ours, until the answer that is saved with it says nothing. */
export function stripeKey(idempotencyKey: string, keysUsed: number): string {
  return keysUsed === 0 ? idempotencyKey : `${idempotencyKey}:again:${keysUsed}`;
}

/** What holds money comes first, then what may come to hold some. */
function byProgress(a: Stripe.PaymentIntent, b: Stripe.PaymentIntent): number {
  return progress.indexOf(a.status) - progress.indexOf(b.status);
}

const progress: readonly string[] = [
  'succeeded',
  'requires_capture',
  'processing',
  'requires_action',
  'requires_confirmation',
  'requires_payment_method',
  'canceled',
] satisfies Stripe.PaymentIntent.Status[];

function paramsOf(
  { settings: { returnUrl, isCapturedInParts } }: StripeAccess,
  { orderId, idempotencyKey, currency, paymentMethod }: ChargeRequest,
  amount: number,
  captureMethod: 'manual' | 'automatic',
): Stripe.PaymentIntentCreateParams {
  return {
    amount,
    currency: currency.toLowerCase(),
    capture_method: captureMethod,
    confirm: true,
    ...methodParams(paymentMethod),
    automatic_payment_methods: { enabled: true, allow_redirects: returnUrl === undefined ? 'never' : 'always' },
    ...(returnUrl !== undefined && { return_url: returnUrl }),
    ...(captureMethod === 'manual' && isCapturedInParts && SEVERAL_CAPTURES),
    metadata: { [metadataNames.orderId]: orderId, [metadataNames.key]: idempotencyKey },
    expand: ['latest_charge'],
  };
}

/** Has a card that allows it be captured more than once. */
const SEVERAL_CAPTURES = { payment_method_options: { card: { request_multicapture: 'if_available' } } } as const;

/** A confirmation token of Stripe's payment element, or a payment method. */
function methodParams(paymentMethod: string) {
  const isConfirmation = paymentMethod.startsWith('ctoken_');
  return isConfirmation ? { confirmation_token: paymentMethod } : { payment_method: paymentMethod };
}

/** Puts the intent on record. One that is voided meanwhile is released; one that the customer has failed to authenticate is closed. */
async function settle(
  { api, records }: StripeAccess,
  { idempotencyKey, intentId }: IntentRecord,
  intent: Stripe.PaymentIntent,
): Promise<ChargeOutcome> {
  const isVoided = intentId === intent.id ? false : await records.remember(idempotencyKey, intent.id);
  if (isVoided) {
    await releaseIntent(api, intent);
    throw voided();
  }
  // The customer's page could confirm it once more by another method, after the order has been told of a decline.
  if (intent.status !== 'requires_payment_method') return outcomeOf(intent);
  await releaseIntent(api, intent);
  return outcomeOf(await readIntent(api, intent.id));
}

async function settleFailure(access: StripeAccess, record: IntentRecord, error: unknown): Promise<ChargeOutcome> {
  const failure = error instanceof GatewayError ? readStripeFailure(error.cause) : undefined;
  if (!failure) throw error;
  const declineCode = declineOf(failure);
  if (declineCode !== undefined) {
    if (failure.intentId !== undefined) await access.records.remember(record.idempotencyKey, failure.intentId);
    return { outcome: 'declined', declineCode };
  }
  if (isSpent(failure, record)) return passOver(access, record, error);
  throw error;
}

/**
 * Whether the same request can't tell any more what came of it: Stripe answers with an error that it has saved, or does not take the key for
 * these parameters. Each key has its time first, in which a request that is slow still has its effect.
 */
function isSpent({ type, status, isReplayed }: StripeFailure, { startedAt, keysUsed }: IntentRecord): boolean {
  const isServerError = status !== undefined && status >= 500;
  if (type !== 'StripeIdempotencyError' && !isServerError) return false;
  const patienceMs = isServerError && isReplayed ? REPLAYED_MS : UNDER_WAY_MS;
  return Date.now() - startedAt.getTime() > patienceMs * (keysUsed + 1);
}

/** How long the answer to a request that has ended may come before its effect. */
const REPLAYED_MS = 30_000;

/** Looks the charge up, and has the next attempt use another idempotency key when there is none. */
async function passOver(access: StripeAccess, record: IntentRecord, error: unknown): Promise<ChargeOutcome> {
  const current = await access.records.find(record.idempotencyKey);
  if (!current || current.isVoided) throw voided();
  const found = await findIntent(access, current);
  if (found) return settle(access, current, found);
  await access.records.useUpKey(record.idempotencyKey, record.keysUsed + 1);
  throw error;
}

function voided(): GatewayError {
  return new GatewayError('refused', 'payment', 'the charge was voided first', { code: 'PAYMENT_VOIDED' });
}
