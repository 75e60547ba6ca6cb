import { currencyDecimals } from '../../domain/currency.ts';

/**
 * Decimals of the amounts that Stripe takes, where they differ from ISO 4217 (https://docs.stripe.com/currencies): the króna and the
 * shilling have none and are written with two, the ariary has two and is written with none.
 */
const otherDecimals: Readonly<Record<string, number>> = { ISK: 2, UGX: 2, MGA: 0 };

/**
 * An amount in ISO minor units as Stripe takes it; `undefined` when Stripe can't take it: it has a fraction that Stripe's unit has not,
 * or is in a currency of three decimals and does not end with 0.
 */
export function toStripeAmount(amountMinor: number, currency: string): number | undefined {
  const decimals = currencyDecimals(currency);
  const amount = amountMinor * 10 ** (stripeDecimals(currency) - decimals);
  if (!Number.isSafeInteger(amount)) return undefined;
  return decimals === 3 && amount % 10 !== 0 ? undefined : amount;
}

/** An amount of Stripe's in ISO minor units; `currency` in capitals. Throws RangeError when it has a fraction of them. */
export function fromStripeAmount(amount: number, currency: string): number {
  const amountMinor = amount / 10 ** (stripeDecimals(currency) - currencyDecimals(currency));
  if (!Number.isSafeInteger(amountMinor)) throw new RangeError(`${amount} is no amount of ${currency}`);
  return amountMinor;
}

function stripeDecimals(currency: string): number {
  return otherDecimals[currency] ?? currencyDecimals(currency);
}
