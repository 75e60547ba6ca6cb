import { minorUnits } from './money.ts';

/** What a review says of an order. `review`: a person has to decide. */
export const reviewVerdicts = ['approve', 'review', 'reject'] as const;

export type ReviewVerdict = (typeof reviewVerdicts)[number];

/** What a person decides about an order that waits for its review. */
export const reviewDecisions = ['approve', 'reject'] as const;

export type ReviewDecision = (typeof reviewDecisions)[number];

/** What is done with an order whose review came to no verdict. `wait`: a person decides. */
export const reviewFallbacks = ['wait', ...reviewDecisions] as const;

/** Why an order is reviewed: it was placed, is paid with another method, or becomes more expensive. */
export type ReviewOccasion = 'placed' | 'payment_retried' | 'amended';

/** What a review came to; the reasons are for staff, never for the customer. */
export interface ReviewOutcome {
  readonly verdict: ReviewVerdict;
  readonly reasons: readonly string[];
}

/** How a saga has its order reviewed; it travels in the workflow's input, so that changed settings don't change a running order. */
export interface ReviewTerms {
  /** How long a person has for a decision. */
  readonly windowMs: number;
  /** What happens when nobody has decided by then. */
  readonly onTimeout: ReviewDecision;
  /** How long the review is tried. */
  readonly patienceMs: number;
  /** What happens when it has failed until then. */
  readonly onFailure: (typeof reviewFallbacks)[number];
  /** An amendment that takes more than this is reviewed, in minor units; none is unless given. */
  readonly maxAmendmentMinor?: number | undefined;
}

/** What is known of an order when it is reviewed; amounts in minor units of its currency. */
export interface ReviewFacts {
  readonly occasion: ReviewOccasion;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly discountMinor: number;
  readonly lineCount: number;
  readonly unitCount: number;
  /** ISO 3166-1 alpha-2. */
  readonly shippingCountry: string;
  readonly billingCountry: string | null;
  /** Tell payment methods and addresses from each other, and nothing else about them; one for each method, each once. */
  readonly paymentMethodHashes: readonly string[];
  readonly shippingAddressHash: string;
  readonly placedAt: Date;
  readonly counts: ReviewCounts;
}

/** What was ordered lately, this order included. Hours and days are the last 60 minutes and 24 hours. */
export interface ReviewCounts {
  /** All that the customer has ordered in a day in this currency, but for cancelled orders. */
  readonly customerTotalMinor: number;
  /** Orders that were to be paid with this payment method in an hour; of several methods that one which most were to be paid with. */
  readonly ordersOfPaymentMethod: number;
  /** Orders to this shipping address in an hour. */
  readonly ordersOfAddress: number;
  /** Different payment methods of this customer in an hour. */
  readonly paymentMethodsOfCustomer: number;
  /** Different shipping addresses of this customer in an hour. */
  readonly addressesOfCustomer: number;
}

/** Limits above which an order gets the verdict `onBreach`; one that is left out is not checked. Amounts are decimals of the order's currency. */
export interface ReviewRules {
  readonly onBreach: Exclude<ReviewVerdict, 'approve'>;
  readonly maxTotal?: string | undefined;
  readonly maxCustomerTotal?: string | undefined;
  readonly countriesMustMatch: boolean;
  readonly maxOrdersOfPaymentMethod?: number | undefined;
  readonly maxOrdersOfAddress?: number | undefined;
  readonly maxPaymentMethodsOfCustomer?: number | undefined;
  readonly maxAddressesOfCustomer?: number | undefined;
}

/** Whether there is any rule to review by. */
export function hasReviewRules(rules: ReviewRules): boolean {
  const amounts = [rules.maxTotal, rules.maxCustomerTotal];
  const counts = [
    rules.maxOrdersOfPaymentMethod,
    rules.maxOrdersOfAddress,
    rules.maxPaymentMethodsOfCustomer,
    rules.maxAddressesOfCustomer,
  ];
  return rules.countriesMustMatch || [...amounts, ...counts].some((limit) => limit !== undefined);
}

/** What the rules say of an order: `approve`, or their verdict with every limit that it exceeds. */
export function reviewByRules(facts: ReviewFacts, rules: ReviewRules): ReviewOutcome {
  const { currency, totalMinor, counts, shippingCountry, billingCountry } = facts;
  const isAbove = (minor: number, limit: string | undefined) =>
    limit !== undefined && minor > minorUnits(limit, currency, 'half up');
  const breaches: readonly (readonly [boolean, string])[] = [
    [isAbove(totalMinor, rules.maxTotal), `the total is above ${rules.maxTotal} ${currency}`],
    [
      isAbove(counts.customerTotalMinor, rules.maxCustomerTotal),
      `the customer has ordered for more than ${rules.maxCustomerTotal} ${currency} in a day`,
    ],
    [
      rules.countriesMustMatch && billingCountry !== null && billingCountry !== shippingCountry,
      `the goods go to ${shippingCountry}, the bill to ${billingCountry}`,
    ],
    [
      isMore(counts.ordersOfPaymentMethod, rules.maxOrdersOfPaymentMethod),
      `${counts.ordersOfPaymentMethod} orders with this payment method in an hour`,
    ],
    [
      isMore(counts.ordersOfAddress, rules.maxOrdersOfAddress),
      `${counts.ordersOfAddress} orders to this address in an hour`,
    ],
    [
      isMore(counts.paymentMethodsOfCustomer, rules.maxPaymentMethodsOfCustomer),
      `${counts.paymentMethodsOfCustomer} payment methods of this customer in an hour`,
    ],
    [
      isMore(counts.addressesOfCustomer, rules.maxAddressesOfCustomer),
      `${counts.addressesOfCustomer} shipping addresses of this customer in an hour`,
    ],
  ];
  const reasons = breaches.flatMap(([isBreached, reason]) => (isBreached ? [reason] : []));
  return { verdict: reasons.length > 0 ? rules.onBreach : 'approve', reasons };
}

/** The stricter of two outcomes, with the reasons of both that are not approvals. */
export function stricterOf(one: ReviewOutcome, other: ReviewOutcome): ReviewOutcome {
  const verdict = reviewVerdicts[Math.max(reviewVerdicts.indexOf(one.verdict), reviewVerdicts.indexOf(other.verdict))];
  return { verdict: verdict ?? 'review', reasons: [...one.reasons, ...other.reasons] };
}

/** The key of an order's `n`th review, one for each payment method that is tried. */
export function reviewKey(orderId: string, n: number): string {
  return n === 1 ? `${orderId}:review` : `${orderId}:review:${n}`;
}

/** The key of the review of one of an order's amendments. */
export function amendmentReviewKey(orderId: string, number: number): string {
  return `${orderId}:review:amend:${number}`;
}

function isMore(count: number, limit: number | undefined): boolean {
  return limit !== undefined && count > limit;
}
