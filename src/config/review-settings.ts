import type { z } from 'zod';
import { hasReviewRules, type ReviewRules } from '../domain/order-review.ts';
import type { environment } from './environment.ts';

/** How orders are reviewed before they are paid. */
export type ReviewSettings = NonNullable<ReturnType<typeof toReviewSettings>>;

/** How orders are reviewed; `undefined`: not at all. Amounts are decimals of whatever currency, times in milliseconds. */
export function toReviewSettings(e: z.output<typeof environment>) {
  const rules: ReviewRules = {
    onBreach: e.REVIEW_ON_BREACH,
    maxTotal: e.REVIEW_MAX_TOTAL,
    maxCustomerTotal: e.REVIEW_MAX_CUSTOMER_TOTAL,
    countriesMustMatch: e.REVIEW_COUNTRY_MISMATCH,
    maxOrdersOfPaymentMethod: e.REVIEW_MAX_ORDERS_PER_PAYMENT_METHOD,
    maxOrdersOfAddress: e.REVIEW_MAX_ORDERS_PER_ADDRESS,
    maxPaymentMethodsOfCustomer: e.REVIEW_MAX_PAYMENT_METHODS_PER_CUSTOMER,
    maxAddressesOfCustomer: e.REVIEW_MAX_ADDRESSES_PER_CUSTOMER,
  };
  const hasRules = hasReviewRules(rules);
  if (e.REVIEW_URL === undefined && !hasRules) return undefined;
  return {
    rules: hasRules ? rules : undefined,
    windowMs: e.REVIEW_WINDOW,
    onTimeout: e.REVIEW_ON_TIMEOUT,
    patienceMs: e.REVIEW_PATIENCE,
    onFailure: e.REVIEW_ON_FAILURE,
    maxAmendment: e.REVIEW_MAX_AMENDMENT,
  };
}
