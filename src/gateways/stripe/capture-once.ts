import type Stripe from 'stripe';
import { GatewayError } from '../gateway-error.ts';
import type { Captured, CaptureRequest } from '../payment.ts';
import type { StripeAccess } from './charge-once.ts';
import { isSavedError, pastSavedErrors } from './past-saved-errors.ts';
import { readIntent } from './release-intent.ts';
import type { StripeApi } from './stripe-api.ts';
import { toStripeAmount } from './stripe-amount.ts';
import { readStripeFailure } from './stripe-error.ts';

/**
 * Captures once per key. The capture marks the intent with its key, so that a lost reply is read from the intent, however late. A card that allows
 * one capture only is captured once: what it held beyond that is released, and a later capture of it is refused.
 * Refused AUTHORIZATION_EXPIRED when the authorisation holds nothing any more, CAPTURE_EXCEEDS when it holds less.
 */
export async function captureOnce({ api }: StripeAccess, request: CaptureRequest): Promise<Captured> {
  const amount = toStripeAmount(request.amountMinor, request.currency);
  if (amount === undefined) {
    throw new GatewayError('rejected', 'payment', `Stripe can't capture this amount of ${request.currency}`);
  }
  try {
    const isFinal = request.isFinal || !(await allowsMore(api, request.paymentId));
    await capture(api, request, amount, { key: request.idempotencyKey, isFinal });
    return { paymentId: request.paymentId };
  } catch (error) {
    return settleFailure(api, request, amount, error);
  }
}

/** The capture with this key, if it was made. */
export async function findCapture(
  { api, records }: StripeAccess,
  idempotencyKey: string,
): Promise<Captured | undefined> {
  const [orderId = ''] = idempotencyKey.split(':');
  for (const { intentId } of await records.findOfOrder(orderId)) {
    if (intentId === undefined) continue;
    const intent = await readIntent(api, intentId);
    if (Object.hasOwn(intent.metadata, markOf({ orderId, idempotencyKey }))) return { paymentId: intentId };
  }
  return undefined;
}

/** Whether the payment's card allows to be captured more than once. */
async function allowsMore(api: StripeApi, paymentId: string): Promise<boolean> {
  const { latest_charge: charge } = await readIntent(api, paymentId);
  const details = typeof charge === 'object' ? charge?.payment_method_details : undefined;
  return details?.card?.multicapture?.status === 'available';
}

function capture(
  api: StripeApi,
  request: CaptureRequest,
  amount: number,
  { key, isFinal }: { readonly key: string; readonly isFinal: boolean },
): Promise<Stripe.PaymentIntent> {
  const params = {
    amount_to_capture: amount,
    ...(!isFinal && { final_capture: false }),
    metadata: { [markOf(request)]: String(amount) },
  };
  return api('capture', (stripe) => stripe.paymentIntents.capture(request.paymentId, params, { idempotencyKey: key }));
}

/** The name in the intent's metadata that tells of a capture: at most 40 characters, which Stripe takes. */
function markOf({ orderId, idempotencyKey }: Pick<CaptureRequest, 'orderId' | 'idempotencyKey'>): string {
  return idempotencyKey
    .slice(orderId.length + 1)
    .replaceAll(/\W/g, '_')
    .slice(-40);
}

async function settleFailure(
  api: StripeApi,
  request: CaptureRequest,
  amount: number,
  error: unknown,
): Promise<Captured> {
  const failure = error instanceof GatewayError ? readStripeFailure(error.cause) : undefined;
  if (failure?.status === undefined || failure.status === 429) throw error;
  const { paymentId, idempotencyKey } = request;
  if (failure.param === 'final_capture') {
    // This card allows one capture: what is shipped later is authorised again.
    await capture(api, request, amount, { key: `${idempotencyKey}:final`, isFinal: true });
    return { paymentId };
  }
  const intent = await readIntent(api, paymentId);
  const isMarked = Object.hasOwn(intent.metadata, markOf(request));
  if (isMarked || isCapturedAlike(intent, amount)) return { paymentId };
  if (intent.status === 'requires_capture') {
    if (amount > intent.amount_capturable) {
      throw refused('CAPTURE_EXCEEDS', `payment intent ${paymentId} holds no more than ${intent.amount_capturable}`);
    }
    if (!isSavedError(error)) throw error;
    // What Stripe has saved of an earlier attempt says nothing of what can be captured now.
    await pastSavedErrors(`${idempotencyKey}:again`, (key) => capture(api, request, amount, { ...request, key }));
    return { paymentId };
  }
  throw refused('AUTHORIZATION_EXPIRED', `payment intent ${paymentId} is ${intent.status} at Stripe`);
}

/** Somebody has captured it at Stripe by hand, as we would. */
function isCapturedAlike(
  { status, amount_received: received, metadata }: Stripe.PaymentIntent,
  amount: number,
): boolean {
  return (
    status === 'succeeded' && received === amount && !Object.keys(metadata).some((name) => name.startsWith('capture'))
  );
}

function refused(code: 'AUTHORIZATION_EXPIRED' | 'CAPTURE_EXCEEDS', message: string): GatewayError {
  return new GatewayError('refused', 'payment', message, { code });
}
