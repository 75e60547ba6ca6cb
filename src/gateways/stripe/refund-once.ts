import { GatewayError } from '../gateway-error.ts';
import type { RefundRequest } from '../payment.ts';
import type { StripeAccess } from './charge-once.ts';
import { findIntent } from './charge-once.ts';
import { metadataNames } from './find-intents.ts';
import { afterFailures, listRefunds, requireEffective, sumRefunds } from './list-refunds.ts';
import { pastSavedErrors } from './past-saved-errors.ts';
import { readIntent } from './release-intent.ts';
import type { StripeApi } from './stripe-api.ts';
import { toStripeAmount } from './stripe-amount.ts';

/** What a refund takes from one intent, in Stripe's unit. */
interface Part {
  readonly intentId: string;
  readonly amount: number;
  /** What Stripe's idempotency key ends with. */
  readonly suffix: string;
}

/**
 * Refunds an amount once per key, from the charges in their order, oldest first unless they are given. Every refund carries the key in its
 * metadata, and what was refunded under it before is read from the intents and counted, so that a lost reply never refunds twice,
 * however old it is. What has failed since is refunded once more. Attempts at the same moment see the same and use the same idempotency key of Stripe's.
 * Refused REFUND_EXCEEDS when the charges have less; nothing is refunded then.
 */
export async function refundOnce(access: StripeAccess, request: RefundRequest): Promise<void> {
  const total = toStripeAmount(request.amountMinor, request.currency);
  if (total === undefined) {
    throw new GatewayError('rejected', 'payment', `Stripe can't refund this amount of ${request.currency}`);
  }
  const parts: Part[] = [];
  let left = total;
  for (const id of request.charges.length > 0
    ? request.charges.map(({ paymentId }) => paymentId)
    : await chargesOf(access, request.orderId)) {
    if (left <= 0) break;
    const { done, available, suffix } = await standingOf(access.api, id, request.idempotencyKey);
    left -= done;
    const amount = Math.min(left, available);
    if (amount <= 0) continue;
    parts.push({ intentId: id, amount, suffix });
    left -= amount;
  }
  if (left > 0)
    throw new GatewayError('refused', 'payment', 'too little is left to refund', { code: 'REFUND_EXCEEDS' });
  for (const part of parts) await refundPart(access.api, request, part);
}

/** The intents on record of an order, oldest first. */
async function chargesOf(access: StripeAccess, orderId: string): Promise<string[]> {
  const ids: string[] = [];
  for (const record of await access.records.findOfOrder(orderId)) {
    const id = record.intentId ?? (await findIntent(access, record))?.id;
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

/** What was refunded of an intent under this key, and what can be refunded beside it. */
async function standingOf(api: StripeApi, id: string, key: string) {
  const { status, amount_received: received } = await readIntent(api, id);
  const refunds = await listRefunds(api, id);
  const done = sumRefunds(refunds.filter(({ metadata }) => metadata?.[metadataNames.key] === key));
  const isPaid = status === 'succeeded' || received > 0;
  return { done, available: isPaid ? received - sumRefunds(refunds) : 0, suffix: afterFailures(refunds, key) };
}

async function refundPart(api: StripeApi, request: RefundRequest, { intentId, amount, suffix }: Part): Promise<void> {
  const { orderId, idempotencyKey } = request;
  const params = {
    payment_intent: intentId,
    amount,
    metadata: { [metadataNames.orderId]: orderId, [metadataNames.key]: idempotencyKey },
  };
  const refund = await pastSavedErrors(`${idempotencyKey}:${intentId}${suffix}`, (stripeKey) =>
    api('refund', (stripe) => stripe.refunds.create(params, { idempotencyKey: stripeKey })),
  );
  requireEffective(refund);
}
