import { createHash } from 'node:crypto';
import {
  reviewByRules,
  stricterOf,
  type ReviewFacts,
  type ReviewOccasion,
  type ReviewOutcome,
  type ReviewRules,
} from '../domain/order-review.ts';
import type { Address, OrderWithItems } from '../domain/order.ts';
import type { ReviewGateway } from '../gateways/review.ts';
import { findOrderWithItemsInBatch } from '../repositories/order-repository.ts';
import { beginReview, findReview, writeVerdict } from '../repositories/order-reviews.ts';
import type { Db } from '../repositories/schema.ts';

/** By whom and by what orders are reviewed. */
export interface Reviewer {
  readonly db: Db;
  readonly service: ReviewGateway | undefined;
  readonly rules: ReviewRules | undefined;
}

/** Which order is reviewed, why, and with what it is to be paid. */
export interface ReviewInput {
  readonly orderId: string;
  /** The idempotency key of the review. */
  readonly key: string;
  readonly occasion: ReviewOccasion;
  readonly paymentMethod: string;
  /** All of them, in order of use, when it is to be paid with several; `paymentMethod` is the last one's then. */
  readonly paymentMethods?: readonly string[] | undefined;
  /** What the order comes to, should it come to something else than it says now, in minor units. */
  readonly totalMinor?: number | undefined;
}

/**
 * Reviews an order by the rules and by the service, of which the stricter verdict counts, and puts it on record. What a person has decided,
 * and what was approved or rejected before by the same key, stays. Rejects with a `GatewayError` when the service gives no verdict.
 */
export async function reviewOrder({ db, service, rules }: Reviewer, input: ReviewInput): Promise<ReviewOutcome> {
  if (!service && !rules)
    throw new Error('the order is to be reviewed, and this worker has neither REVIEW_URL nor a rule');
  const known = await findReview(db, input.key);
  if (known?.decision) return { verdict: known.decision, reasons: known.reasons };
  if (known?.verdict === 'approve' || known?.verdict === 'reject') {
    return { verdict: known.verdict, reasons: known.reasons };
  }
  const facts = await gatherFacts(db, input);
  const byRules = rules ? reviewByRules(facts, rules) : approved;
  // What the rules reject, nobody is asked about.
  const isAsked = service && byRules.verdict !== 'reject';
  const byService = isAsked ? await service.review({ ...facts, idempotencyKey: input.key }) : approved;
  const outcome = stricterOf(byRules, byService);
  await writeVerdict(db, input.key, outcome);
  return outcome;
}

const approved: ReviewOutcome = { verdict: 'approve', reasons: [] };

async function gatherFacts(db: Db, input: ReviewInput): Promise<ReviewFacts> {
  const { orderId, key, occasion, paymentMethod, paymentMethods = [paymentMethod] } = input;
  const order = await findOrderWithItemsInBatch(db, orderId);
  if (!order) throw new Error(`no order ${orderId}`);
  const { customerId, currency } = order;
  const paymentMethodHashes = [...new Set(paymentMethods)].map((method) => hash([method]));
  const shippingAddressHash = hash(partsOf(order.shippingAddress));
  const begun = { key, orderId, occasion, customerId, currency, paymentMethodHashes, shippingAddressHash };
  const counts = await beginReview(db, begun);
  const totalMinor = input.totalMinor ?? order.totalMinor;
  const customerTotalMinor = counts.customerTotalMinor + totalMinor - order.totalMinor;
  return {
    occasion,
    ...factsOf(order),
    totalMinor,
    paymentMethodHashes,
    shippingAddressHash,
    counts: { ...counts, customerTotalMinor },
  };
}

function factsOf(order: OrderWithItems) {
  return {
    orderId: order.id,
    orderNumber: order.orderNumber,
    customerId: order.customerId,
    currency: order.currency,
    discountMinor: order.discountMinor,
    lineCount: order.items.length,
    unitCount: order.items.reduce((sum, { quantity }) => sum + quantity, 0),
    shippingCountry: order.shippingAddress.country,
    billingCountry: order.billingAddress?.country ?? null,
    placedAt: order.createdAt,
  };
}

/** What makes an address another place; who lives there does not. */
function partsOf({ line1, line2, city, region, postal_code, country }: Address): string[] {
  return [line1, line2, city, region, postal_code, country].map((part) =>
    (part ?? '')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  );
}

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
