import type { CouponTerms } from '../../../src/domain/coupon.ts';
import type { CreateOrderInput } from '../../../src/domain/messages.ts';
import type { PaymentPart } from '../../../src/domain/payment-part.ts';
import type { Order, OrderAmounts, OrderItem } from '../../../src/domain/order.ts';
import { WHOLE, type Rate } from '../../../src/domain/rate.ts';
import type { Product } from '../../../src/gateways/inventory.ts';

/** What there is to buy. */
export const products: readonly Product[] = [
  { id: 'p1', sku: 'TEAPOT', name: 'Teapot', priceMinor: 900, currency: 'EUR' },
  { id: 'p2', sku: 'CUP', name: 'Cup', priceMinor: 250, currency: 'EUR' },
];

/** The lines of the order that every plan is about. */
export const items: readonly OrderItem[] = products.map(({ id: productId, sku, name, priceMinor }, index) => ({
  id: `00000000-0000-4000-8000-00000000000${index + 1}`,
  productId,
  sku,
  name,
  unitPriceMinor: priceMinor,
  discountMinor: 0,
  quantity: 2,
  shippedQuantity: 0,
  returnedQuantity: 0,
  splitFrom: null,
  variantId: null,
}));

/** What they come to. */
export const amounts: OrderAmounts = {
  subtotalMinor: 2_300,
  discountMinor: 0,
  taxMinor: 0,
  isTaxIncluded: false,
  shippingMinor: 200,
  feesMinor: 0,
  totalMinor: 2_500,
};

/** The order as it was accepted. */
export const placed: Order = {
  id: 'o1',
  orderNumber: 'ORD-00000001',
  customerId: 'alice',
  customerName: null,
  customerEmail: null,
  customerPhone: null,
  reference: null,
  source: null,
  locale: null,
  status: 'PENDING',
  paymentStatus: 'PENDING',
  sagaState: 'RUNNING',
  version: 1,
  currency: 'EUR',
  ...amounts,
  refundedMinor: 0,
  refundDueMinor: 0,
  paymentProvider: 'PAYMENT_SERVICE',
  paymentMethod: 'tok_ok',
  paymentId: null,
  paymentRetryUntil: null,
  paymentAction: null,
  amendUntil: null,
  reservationId: null,
  shippingAddress: { name: 'A', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' },
  billingAddress: null,
  shippingMethod: null,
  couponCode: null,
  couponTerms: null,
  taxRate: 0,
  notes: null,
  metadata: {},
  tracking: null,
  cancellationReason: null,
  failure: null,
  batchId: null,
  placedByService: null,
  placedBy: 'customer:alice',
  createdAt: new Date(0),
  updatedAt: new Date(0),
  confirmedAt: null,
  processingAt: null,
  shippedAt: null,
  deliveredAt: null,
  cancelledAt: null,
  returnedAt: null,
  refundedAt: null,
};

/** Beyond reach of the order as it is placed: with it, more goods may cost less, and fewer goods more. */
export const coupon: CouponTerms = { kind: 'percent', rate: WHOLE / 2, minSubtotalMinor: 4_000 };

/** At which rates goods are taxed by where they go; the order goes to a country that has none at first. */
export const taxRates: Readonly<Record<string, Rate>> = { FR: WHOLE / 5, DE: WHOLE / 20 };

/** Where goods may go. */
export const countries = [placed.shippingAddress.country, ...Object.keys(taxRates)];

/** What its workflow is started with. */
export const input: CreateOrderInput = {
  orderId: 'o1',
  customerId: 'alice',
  currency: 'EUR',
  totalMinor: amounts.totalMinor,
  paymentMethod: 'tok_ok',
  lines: items.map(({ sku, quantity }) => ({ sku, quantity })),
  // Shorter than the window for another payment method, so that holds expire.
  reservationTtlMs: 10 * 60_000,
  paymentRetryWindowMs: 15 * 60_000,
  returnWindowMs: 30 * 86_400_000,
  amendWindowMs: 0,
  // Short, so that a plan in which a service stays away has few attempts.
  stepPatienceMs: 2 * 60_000,
  answerLookupMs: 60_000,
};

/** Whether a part is paid with a gift card, and whether that is used before the other payment method or after it. */
export type GiftCard = 'none' | 'first' | 'last';

/** The payment methods of the order in order of use; none unless a gift card pays a part of it. */
export function partsOf(paymentMethod: string, giftCard: GiftCard): PaymentPart[] | undefined {
  if (giftCard === 'none') return undefined;
  const gift = { paymentMethod: 'tok_gift', amountMinor: 1_000 };
  const rest = { paymentMethod, amountMinor: amounts.totalMinor - gift.amountMinor };
  return giftCard === 'first' ? [gift, rest] : [rest, gift];
}
