import type Stripe from 'stripe';
import { GatewayError } from '../gateway-error.ts';
import { metadataNames } from './find-intents.ts';
import { afterFailures, listRefunds, requireEffective, sumRefunds } from './list-refunds.ts';
import { pastSavedErrors } from './past-saved-errors.ts';
import type { StripeApi } from './stripe-api.ts';

/** One intent, with what is told of its charge. */
export function readIntent(api: StripeApi, id: string): Promise<Stripe.PaymentIntent> {
  return api('find_charge', (stripe) => stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }));
}

/**
 * Lets go of all that an intent holds: cancels it, or refunds what of it is left when it was paid; returns what has been refunded of it
 * altogether, in Stripe's unit. Right at any time, any number of times. Rejects while Stripe is still processing it.
 */
export async function releaseIntent(api: StripeApi, intent: Stripe.PaymentIntent): Promise<number> {
  let current = intent;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (current.status === 'canceled') return 0;
    if (current.status === 'succeeded') return refundRest(api, current);
    if (current.status === 'processing') break;
    current = await cancel(api, current);
  }
  throw new GatewayError(
    'unknown',
    'payment',
    `payment intent ${intent.id} is ${current.status} at Stripe: to be released later`,
  );
}

/** It may be confirmed or captured between a look and a cancellation; twice is a coincidence. */
const MAX_ROUNDS = 3;

async function cancel(api: StripeApi, { id }: Stripe.PaymentIntent): Promise<Stripe.PaymentIntent> {
  try {
    return await api('void', (stripe) => stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' }));
  } catch (error) {
    // It has been confirmed, captured or cancelled since it was looked at.
    const isPast = error instanceof GatewayError && error.code === 'payment_intent_unexpected_state';
    if (!isPast) throw error;
    return readIntent(api, id);
  }
}

async function refundRest(api: StripeApi, intent: Stripe.PaymentIntent): Promise<number> {
  const { id, metadata, amount_received: received } = intent;
  const refunds = await listRefunds(api, id);
  const refunded = sumRefunds(refunds);
  if (refunded >= received) return refunded;
  const { [metadataNames.orderId]: orderId = '', [metadataNames.key]: key = '' } = metadata;
  const voidKey = `${key}:void`;
  const params = {
    payment_intent: id,
    amount: received - refunded,
    metadata: { [metadataNames.orderId]: orderId, [metadataNames.key]: voidKey },
  };
  try {
    // By the same key for whoever sees the same amount left: it goes back once.
    const refund = await pastSavedErrors(`${id}:void:${refunded}${afterFailures(refunds, voidKey)}`, (idempotencyKey) =>
      api('void', (stripe) => stripe.refunds.create(params, { idempotencyKey })),
    );
    requireEffective(refund);
  } catch (error) {
    if (!isRefundedAlready(error)) throw error;
  }
  return received;
}

/** Somebody has refunded it since it was looked at. */
function isRefundedAlready(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'charge_already_refunded';
}
