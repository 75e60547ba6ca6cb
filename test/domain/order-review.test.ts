import { describe, expect, test } from 'vitest';
import {
  hasReviewRules,
  reviewByRules,
  stricterOf,
  type ReviewFacts,
  type ReviewRules,
} from '../../src/domain/order-review.ts';

const none: ReviewRules = { onBreach: 'review', countriesMustMatch: false };
const counts = {
  customerTotalMinor: 5_000,
  ordersOfPaymentMethod: 2,
  ordersOfAddress: 3,
  paymentMethodsOfCustomer: 4,
  addressesOfCustomer: 5,
};
const facts: ReviewFacts = {
  occasion: 'placed',
  orderId: 'o',
  orderNumber: 'ORD-1',
  customerId: 'alice',
  currency: 'EUR',
  totalMinor: 2_500,
  discountMinor: 0,
  lineCount: 1,
  unitCount: 2,
  shippingCountry: 'GB',
  billingCountry: 'US',
  paymentMethodHashes: ['a'],
  shippingAddressHash: 'b',
  placedAt: new Date(),
  counts,
};

/** Each limit as the order just keeps it, and as it just exceeds it. */
const limits: readonly (readonly [string, Partial<ReviewRules>, Partial<ReviewRules>])[] = [
  ['the total', { maxTotal: '25.00' }, { maxTotal: '24.99' }],
  ["a customer's total of a day", { maxCustomerTotal: '50' }, { maxCustomerTotal: '49.99' }],
  ['orders with a payment method', { maxOrdersOfPaymentMethod: 2 }, { maxOrdersOfPaymentMethod: 1 }],
  ['orders to an address', { maxOrdersOfAddress: 3 }, { maxOrdersOfAddress: 2 }],
  ['payment methods of a customer', { maxPaymentMethodsOfCustomer: 4 }, { maxPaymentMethodsOfCustomer: 3 }],
  ['addresses of a customer', { maxAddressesOfCustomer: 5 }, { maxAddressesOfCustomer: 4 }],
];

describe.each(limits)('a limit of %s', (_, kept, exceeded) => {
  test('approves what keeps it, and gives its verdict and a reason to what exceeds it', () => {
    expect(reviewByRules(facts, { ...none, ...kept })).toEqual({ verdict: 'approve', reasons: [] });
    const outcome = reviewByRules(facts, { ...none, ...exceeded, onBreach: 'reject' });
    expect(outcome).toEqual({ verdict: 'reject', reasons: [expect.any(String)] });
  });

  test('turns reviews on', () => {
    expect(hasReviewRules({ ...none, ...kept })).toBe(true);
  });
});

test('no limit reviews nothing', () => {
  expect(hasReviewRules(none)).toBe(false);
  expect(reviewByRules(facts, none).verdict).toBe('approve');
});

test('another country on the bill is a breach, and an order with one address is none', () => {
  const rules = { ...none, countriesMustMatch: true };
  expect(reviewByRules(facts, rules)).toEqual({
    verdict: 'review',
    reasons: ['the goods go to GB, the bill to US'],
  });
  expect(reviewByRules({ ...facts, billingCountry: null }, rules).verdict).toBe('approve');
});

test('every breach is a reason', () => {
  const all = Object.assign({}, none, ...limits.map(([, , exceeded]) => exceeded));
  expect(reviewByRules(facts, all).reasons).toHaveLength(limits.length);
});

test('of two verdicts the stricter one counts, with the reasons of both', () => {
  const [approve, review, reject] = (['approve', 'review', 'reject'] as const).map((verdict) => ({
    verdict,
    reasons: verdict === 'approve' ? [] : [verdict],
  }));
  expect(stricterOf(approve!, review!)).toEqual(review);
  expect(stricterOf(reject!, review!)).toEqual({ verdict: 'reject', reasons: ['reject', 'review'] });
  expect(stricterOf(approve!, approve!)).toEqual(approve);
});
