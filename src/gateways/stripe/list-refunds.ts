import type Stripe from 'stripe';
import { GatewayError } from '../gateway-error.ts';
import { metadataNames } from './find-intents.ts';
import type { StripeApi } from './stripe-api.ts';

/** All refunds of an intent. */
export async function listRefunds(api: StripeApi, paymentIntent: string): Promise<Stripe.Refund[]> {
  const refunds: Stripe.Refund[] = [];
  let after: string | undefined;
  for (;;) {
    const request = {
      payment_intent: paymentIntent,
      limit: 100,
      ...(after !== undefined && { starting_after: after }),
    };
    const { data, has_more: hasMore } = await api('find_refunds', (stripe) => stripe.refunds.list(request));
    refunds.push(...data);
    after = data.at(-1)?.id;
    if (!hasMore || after === undefined) return refunds;
  }
}

/** What refunds come to, in Stripe's unit; one that has failed or was cancelled is none. */
export function sumRefunds(refunds: readonly Stripe.Refund[]): number {
  return refunds.filter(isEffective).reduce((sum, { amount }) => sum + amount, 0);
}

/** Whether a refund has reached the customer, or is on its way. */
export function isEffective({ status }: Stripe.Refund): boolean {
  return status !== 'failed' && status !== 'canceled';
}

/**
 * What Stripe's idempotency key ends with after refunds under this key of ours have failed: with the first one it would answer with the refund
 * that has failed.
 */
export function afterFailures(refunds: readonly Stripe.Refund[], key: string): string {
  const failures = refunds.filter((one) => one.metadata?.[metadataNames.key] === key && !isEffective(one));
  return failures.length > 0 ? `:after:${failures.length}` : '';
}

/** Refused REFUND_FAILED for a refund that has failed at once. */
export function requireEffective(refund: Stripe.Refund): void {
  if (isEffective(refund)) return;
  const why = refund.failure_reason ?? refund.status;
  throw new GatewayError('refused', 'payment', `the refund has failed at Stripe: ${why}`, { code: 'REFUND_FAILED' });
}
