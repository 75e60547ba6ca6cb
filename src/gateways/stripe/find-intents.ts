import type Stripe from 'stripe';
import type { StripeApi } from './stripe-api.ts';
import { GatewayError } from '../gateway-error.ts';

/** The names under which our words are kept in the metadata of what is made at Stripe. */
export const metadataNames = { orderId: 'order_id', key: 'idempotency_key' } as const;

/** What is looked for: by the key of a charge, or by the order. */
export interface IntentQuery {
  readonly by: keyof typeof metadataNames;
  readonly value: string;
  /** When the first request was made that may have led to one of them. */
  readonly since: Date;
}

/**
 * Every payment intent that was made for a charge or an order, by its metadata. Stripe's search shows an intent up to a minute late, in an
 * outage up to an hour; its list shows it at once. So what is younger than that is read from the list, and everything else from the search.
 */
export async function findIntents(api: StripeApi, query: IntentQuery): Promise<Stripe.PaymentIntent[]> {
  const found = new Map<string, Stripe.PaymentIntent>();
  const keep = (intents: readonly Stripe.PaymentIntent[]) => {
    for (const intent of intents)
      if (intent.metadata[metadataNames[query.by]] === query.value) found.set(intent.id, intent);
  };
  const recentSince = Math.max(query.since.getTime() - CLOCK_SKEW_MS, Date.now() - SEARCH_LAG_MS);
  const isRecent = query.since.getTime() > Date.now() - SEARCH_LAG_MS;
  if (!isRecent) keep(await search(api, query));
  await listSince(api, Math.floor(recentSince / 1_000), keep);
  return [...found.values()];
}

/** What the search may miss. */
const SEARCH_LAG_MS = 60 * 60_000;

/** How far Stripe's clock may be behind ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Intents that are read at most: those of 65 minutes at 2.5 a second. */
const MAX_PAGES = 100;

async function search(api: StripeApi, { by, value }: IntentQuery): Promise<Stripe.PaymentIntent[]> {
  const query = `metadata['${metadataNames[by]}']:'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
  const { data } = await api('find_charge', (stripe) => stripe.paymentIntents.search({ query, limit: 100 }));
  return data;
}

async function listSince(
  api: StripeApi,
  seconds: number,
  keep: (intents: readonly Stripe.PaymentIntent[]) => void,
): Promise<void> {
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const request = { created: { gte: seconds }, limit: 100, ...(after !== undefined && { starting_after: after }) };
    const { data, has_more: hasMore } = await api('find_charge', (stripe) => stripe.paymentIntents.list(request));
    keep(data);
    after = data.at(-1)?.id;
    if (!hasMore || after === undefined) return;
  }
  throw new GatewayError('unknown', 'payment', 'there are too many payment intents to look through');
}
