import type { Random } from './random.ts';

/** A product of the run; a scarce one has less stock than the orders need. */
export interface PlannedProduct {
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  readonly currency: string;
  readonly stock: number;
}

/** What a client does with an accepted order. */
export type Story =
  | { readonly kind: 'leave' }
  | { readonly kind: 'cancel' | 'terminate workflow' | 'cancel workflow'; readonly afterMs: number }
  | { readonly kind: 'fulfil'; readonly upTo: 'PROCESSING' | 'SHIPPED' | 'DELIVERED' }
  /** Each of these is changed, one after the other; then it may be cancelled. */
  | { readonly kind: 'amend'; readonly changes: readonly AmendmentStep[]; readonly thenCancel: boolean }
  /** Shipped in two parts if possible, delivered, and returned by so many concurrent requests. */
  | { readonly kind: 'return'; readonly requests: number; readonly everything: boolean }
  /** A unit of its money is refunded at the payment service, which tells of it. */
  | { readonly kind: 'refund outside'; readonly afterMs: number }
  /** Cancelled and set to PROCESSING at the same time. */
  | { readonly kind: 'contradict'; readonly afterMs: number }
  | { readonly kind: 'pay again'; readonly paymentMethod: string; readonly afterMs: number };

/** Another quantity of an order's first line, or another country where it goes. */
export type AmendmentStep = { readonly quantity: number } | { readonly country: string };

/** A planned order: when it is placed, with which key and body, and by how many concurrent requests. */
export interface PlannedOrder {
  readonly atMs: number;
  readonly key: string;
  readonly copies: number;
  readonly prefer: string;
  readonly body: {
    readonly customer_id: string;
    readonly currency: string;
    readonly items: readonly { readonly sku: string; readonly quantity: number }[];
    readonly payment_method: string;
    readonly shipping_address: typeof shippingAddress;
    readonly metadata: { readonly chaos_key: string };
  };
  readonly story: Story;
}

/** What is due where amended orders may go, beside the country where all are placed, which has no tax. */
export const TAX_RATES = 'DE=7.7,FR=20';

/** The customers of the run. */
export const customerIds: readonly string[] = Array.from({ length: 20 }, (_, index) => `chaos-${index + 1}`);

/** Currencies with two, no and three decimals. */
const prices = { EUR: ['12.50', '34.99'], USD: ['19.95', '10.00'], JPY: ['1200', '980'], KWD: ['10.125', '15.750'] };

const AMPLE_UNITS = 1_000_000;
/** One order in six contains a scarce product; the stock is enough for a third of them. */
const SCARCE_CHANCE = 1 / 6;
const SERVED = 1 / 3;

/** Draws two products with ample stock and a scarce one for each currency. */
export function planProducts(random: Random, orders: number): PlannedProduct[] {
  return Object.entries(prices).flatMap(([currency, [first = '', second = '']], index) => {
    const named = (name: string, price: string, stock: number) => {
      const sku = `CHAOS-${currency}-${name}`;
      return { sku, name: `${currency} ${name}`, price, currency, stock };
    };
    const perCurrency = (orders * SCARCE_CHANCE * SERVED) / Object.keys(prices).length;
    const scarce = Math.max(1, Math.round(perCurrency * random.between(0.5, 1.5))) + (index % 2);
    return [named('A', first, AMPLE_UNITS), named('B', second, AMPLE_UNITS), named('SCARCE', first, scarce)];
  });
}

interface Orders {
  readonly count: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly products: readonly PlannedProduct[];
}

/** Draws orders over the whole run, a third of them in bursts. */
export function planOrders(random: Random, { count, durationMs, seed, products }: Orders): PlannedOrder[] {
  const crowds = Array.from({ length: Math.max(1, Math.round(count / 40)) }, () => random.between(0, durationMs));
  return Array.from({ length: count }, (_, index) => {
    const atMs = Math.round(random.chance(1 / 3) ? random.pick(crowds) : random.between(0, durationMs));
    const key = `chaos-${seed}-${index + 1}`;
    const currency = random.pick(Object.keys(prices));
    const declined = random.chance(0.12);
    return {
      atMs,
      key,
      copies: random.chance(0.15) ? random.integer(2, 4) : 1,
      prefer: random.pick(['respond-async', 'wait=2', 'wait=10']),
      body: {
        customer_id: random.pick(customerIds),
        currency,
        items: drawItems(
          random,
          products.filter((product) => product.currency === currency),
        ),
        payment_method: declined ? random.pick(['tok_declined', 'tok_insufficient_funds']) : 'tok_ok',
        shipping_address: shippingAddress,
        metadata: { chaos_key: key },
      },
      story: declined ? drawStoryOfDecline(random) : drawStory(random),
    };
  }).toSorted((a, b) => a.atMs - b.atMs);
}

const shippingAddress = { name: 'Chaos', line1: '1 Storm Lane', city: 'London', postal_code: 'N1 9GU', country: 'GB' };

function drawItems(random: Random, [first, second, scarce]: readonly PlannedProduct[]) {
  const wanted = random.chance(SCARCE_CHANCE) ? [scarce] : [];
  if (wanted.length === 0 || random.chance(0.3)) wanted.push(first);
  if (random.chance(0.3)) wanted.push(second);
  return wanted.flatMap((product) => {
    const quantity = product === scarce ? 1 : random.integer(1, 5);
    return product ? [{ sku: product.sku, quantity: product.currency === 'JPY' ? quantity + 1 : quantity }] : [];
  });
}

function drawStory(random: Random): Story {
  const kind = random.weighted({
    leave: 8,
    cancel: 4,
    fulfil: 4,
    amend: 4,
    return: 4,
    contradict: 2,
    'refund outside': 2,
    'terminate workflow': 2,
    'cancel workflow': 1,
  });
  if (kind === 'leave') return { kind };
  if (kind === 'fulfil') return { kind, upTo: random.pick(['PROCESSING', 'SHIPPED', 'DELIVERED']) };
  if (kind === 'return') return { kind, requests: random.integer(1, 3), everything: random.chance(0.5) };
  if (kind === 'amend') {
    const changes = Array.from({ length: random.integer(1, 3) }, () => drawAmendment(random));
    return { kind, changes, thenCancel: random.chance(0.3) };
  }
  return { kind, afterMs: random.chance(0.3) ? 0 : random.integer(10, 3_000) };
}

function drawAmendment(random: Random): AmendmentStep {
  return random.chance(0.4) ? { country: random.pick(['GB', 'DE', 'FR']) } : { quantity: random.integer(2, 7) };
}

function drawStoryOfDecline(random: Random): Story {
  const kind = random.weighted({ 'pay again': 6, cancel: 1, 'terminate workflow': 1, leave: 2 });
  if (kind === 'leave') return { kind };
  const afterMs = random.integer(0, 2_000);
  if (kind !== 'pay again') return { kind, afterMs };
  return { kind, paymentMethod: random.weighted({ tok_ok: 5, tok_declined: 1 }), afterMs };
}
