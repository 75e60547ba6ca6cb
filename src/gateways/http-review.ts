import { z } from 'zod';
import { formatMoney } from '../domain/money.ts';
import { reviewVerdicts } from '../domain/order-review.ts';
import { maskCardNumbers } from '../domain/card-number.ts';
import type { ServiceEndpoint } from '../config/service-settings.ts';
import type { Logger } from '../logger.ts';
import { serviceClient } from './http-client.ts';
import type { ReviewGateway, ReviewRequest } from './review.ts';

/** What is kept of the reasons of a service: enough for a person to decide by. */
const MAX_REASONS = 20;
const MAX_REASON_CHARACTERS = 200;

const outcome = z.object({
  verdict: z.enum(reviewVerdicts),
  reasons: z
    .array(z.string().transform(toLine))
    .nullish()
    .transform((reasons) => (reasons ?? []).slice(0, MAX_REASONS)),
});

/** A review service over HTTP, as docs/services/review.yaml describes it. */
export function httpReviewGateway(endpoint: ServiceEndpoint, logger: Logger): ReviewGateway {
  const call = serviceClient({ name: 'review', endpoint, logger });
  return {
    review: (request) =>
      call({
        operation: 'review',
        method: 'POST',
        path: '/reviews',
        body: toBody(request),
        idempotencyKey: request.idempotencyKey,
        schema: outcome,
      }),
  };
}

function toBody({ counts, ...facts }: ReviewRequest) {
  const money = (minor: number) => formatMoney(minor, facts.currency);
  return {
    occasion: facts.occasion,
    order_id: facts.orderId,
    order_number: facts.orderNumber,
    customer_id: facts.customerId,
    currency: facts.currency,
    total: money(facts.totalMinor),
    discount: money(facts.discountMinor),
    line_count: facts.lineCount,
    unit_count: facts.unitCount,
    shipping_country: facts.shippingCountry,
    billing_country: facts.billingCountry,
    payment_method_hashes: facts.paymentMethodHashes,
    shipping_address_hash: facts.shippingAddressHash,
    placed_at: facts.placedAt.toISOString(),
    counts: {
      customer_total: money(counts.customerTotalMinor),
      orders_of_payment_method: counts.ordersOfPaymentMethod,
      orders_of_address: counts.ordersOfAddress,
      payment_methods_of_customer: counts.paymentMethodsOfCustomer,
      addresses_of_customer: counts.addressesOfCustomer,
    },
  };
}

function toLine(text: string): string {
  return maskCardNumbers(
    text
      .replaceAll(/[\p{C}\s]+/gu, ' ')
      .trim()
      .slice(0, MAX_REASON_CHARACTERS),
  );
}
