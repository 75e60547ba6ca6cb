import fc from 'fast-check';
import type { FileOrder } from '../../src/domain/file-order.ts';
import { orderStatuses, type OrderStatus } from '../../src/domain/order-status.ts';
import type { Address, OrderItem, OrderWithItems } from '../../src/domain/order.ts';

/** Text that people write, with what a CSV and a spreadsheet trip over; blanks around a text are not kept anywhere. */
const text = fc
  .stringMatching(/^[A-Za-zäß日=+@;,"'#-]{1,3}[A-Za-z0-9 äß日=+@;,"'-]{0,12}[A-Za-z.]$/)
  .filter((one) => !/^(n\/?a|null|none)$/i.test(one) && !one.startsWith('="') && !one.startsWith("'"));
const maybe = fc.option(text);
const moment = fc.date({ min: new Date('2015-01-01'), max: new Date('2026-01-01'), noInvalidDate: true });

const address: fc.Arbitrary<Address> = fc.record(
  {
    name: text,
    line1: text,
    line2: text,
    city: text,
    region: text,
    postal_code: text,
    country: fc.constantFrom('GB', 'FR'),
  },
  { requiredKeys: ['name', 'line1', 'city', 'country'] },
);

const item = fc
  .record({
    sku: fc.stringMatching(/^[A-Z]{2}[A-Z0-9-]{0,6}$/),
    variantId: maybe,
    name: text,
    unitPriceMinor: fc.integer({ min: 1, max: 10_000_000 }),
    quantity: fc.integer({ min: 1, max: 900 }),
    shippedQuantity: fc.nat(900),
    discountShare: fc.nat(3),
  })
  .map(({ discountShare, ...line }) => ({
    ...line,
    shippedQuantity: Math.min(line.shippedQuantity, line.quantity),
    discountMinor: Math.floor((line.unitPriceMinor * discountShare) / 10),
  }));

/** How our payment statuses go with each of our statuses, for orders at rest. */
const payments: Readonly<Record<OrderStatus, OrderWithItems['paymentStatus'][]>> = {
  PENDING: ['PENDING'],
  CONFIRMED: ['CAPTURED', 'PARTIALLY_REFUNDED'],
  PROCESSING: ['CAPTURED'],
  SHIPPED: ['CAPTURED', 'PARTIALLY_REFUNDED'],
  DELIVERED: ['CAPTURED', 'REFUNDED'],
  RETURNED: ['CAPTURED'],
  REFUNDED: ['REFUNDED'],
  PAYMENT_FAILED: ['FAILED'],
  CANCELLED: ['REFUNDED', 'FAILED', 'PENDING'],
};

const states: Readonly<Record<OrderStatus, FileOrder['state']>> = {
  PENDING: 'OPEN',
  CONFIRMED: 'OPEN',
  PROCESSING: 'OPEN',
  SHIPPED: 'SHIPPED',
  DELIVERED: 'DELIVERED',
  RETURNED: 'RETURNED',
  REFUNDED: 'RETURNED',
  PAYMENT_FAILED: 'OPEN',
  CANCELLED: 'CANCELLED',
};

const drawn = fc.record({
  status: fc.constantFrom(...orderStatuses),
  payment: fc.nat(2),
  currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
  items: fc.uniqueArray(item, { minLength: 1, maxLength: 4, selector: ({ sku }) => sku }),
  discount: fc.nat(1),
  taxMinor: fc.nat(100_000),
  isTaxIncluded: fc.boolean(),
  shippingMinor: fc.nat(10_000),
  feesMinor: fc.nat(500),
  customerName: maybe,
  customerEmail: fc.option(fc.constant('ada@example.com')),
  source: maybe,
  notes: maybe,
  shippingMethod: maybe,
  couponCode: fc.option(fc.stringMatching(/^[A-Z]{3,8}$/)),
  shippingAddress: address,
  billingAddress: fc.option(address),
  tracking: fc.option(fc.record({ carrier: text, number: fc.stringMatching(/^[A-Z]{2}[0-9]{9}GB$/) })),
  createdAt: moment,
  shippedAt: moment,
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** What a file does not state, or what all the orders have alike. */
const atRest = {
  sagaState: 'COMPLETED',
  version: 1,
  refundDueMinor: 0,
  taxRate: 0,
  couponTerms: null,
  paymentMethod: 'Visa',
  paymentProvider: 'EXTERNAL',
  paymentId: null,
  reservationId: null,
  metadata: {},
  batchId: null,
  placedBy: 'service:shop',
  placedByService: 'shop',
  cancellationReason: null,
  failure: null,
  paymentRetryUntil: null,
  amendUntil: null,
  paymentAction: null,
  confirmedAt: null,
  processingAt: null,
  deliveredAt: null,
  cancelledAt: null,
  returnedAt: null,
  refundedAt: null,
} as const;

/** An order of ours, and what a file of it has to state. */
function build(index: number, one: Drawn): { order: OrderWithItems; stated: FileOrder } {
  const { status, currency, customerName, customerEmail, source, notes, shippingMethod, couponCode, ...rest } = one;
  const choices = payments[status];
  const paymentStatus = choices[one.payment % choices.length] ?? 'PENDING';
  const state = states[status];
  const hasLeft = state === 'SHIPPED' || state === 'DELIVERED' || state === 'RETURNED';
  const items = one.items.map((drawnItem, at): OrderItem => {
    const shipped =
      status === 'CONFIRMED' && at === 0 ? Math.min(drawnItem.shippedQuantity, drawnItem.quantity - 1) : 0;
    const { discountShare: _, ...line } = { discountShare: 0, ...drawnItem };
    return {
      ...line,
      id: `i-${at}`,
      productId: line.sku,
      shippedQuantity: hasLeft ? line.quantity : shipped,
      returnedQuantity: state === 'RETURNED' ? line.quantity : 0,
      splitFrom: null,
    };
  });
  const subtotalMinor = items.reduce((sum, { unitPriceMinor, quantity }) => sum + unitPriceMinor * quantity, 0);
  const ofLinesMinor = items.reduce((sum, { discountMinor = 0 }) => sum + discountMinor, 0);
  const discountMinor = ofLinesMinor + Math.floor(((subtotalMinor - ofLinesMinor) * one.discount) / 7);
  const { taxMinor, isTaxIncluded, shippingMinor, feesMinor } = rest;
  const totalMinor = subtotalMinor - discountMinor + (isTaxIncluded ? 0 : taxMinor) + shippingMinor + feesMinor;
  const refundedMinor =
    paymentStatus === 'REFUNDED' ? totalMinor : paymentStatus === 'PARTIALLY_REFUNDED' ? Math.ceil(totalMinor / 3) : 0;
  const shippedAt = hasLeft ? rest.shippedAt : null;
  const reference = index % 3 === 0 ? `=${index}` : `#${index}`;
  const amounts = { taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor };
  const customer = { customerName, customerEmail, customerPhone: null, locale: null };
  const shared = { currency, source, notes, shippingMethod, couponCode };
  const { shippingAddress, billingAddress, tracking } = rest;
  const order: OrderWithItems = {
    ...atRest,
    ...shared,
    ...customer,
    ...amounts,
    id: `${index}`,
    orderNumber: `ORD-${index}`,
    reference,
    customerId: `c-${index % 7}`,
    status,
    paymentStatus,
    items,
    subtotalMinor,
    discountMinor,
    refundedMinor,
    shippingAddress,
    billingAddress,
    tracking,
    createdAt: rest.createdAt,
    updatedAt: rest.createdAt,
    shippedAt,
  };
  const isPartly = items.some(({ shippedQuantity }) => shippedQuantity > 0) && state === 'OPEN';
  const paymentStates = { CAPTURED: 'PAID', REFUNDED: 'REFUNDED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED' } as const;
  const paid = paymentStatus in paymentStates ? paymentStates[paymentStatus as keyof typeof paymentStates] : 'UNPAID';
  const stated: FileOrder = {
    ...shared,
    ...amounts,
    reference,
    locale: null,
    customer: { id: order.customerId, name: customerName, email: customerEmail, phone: null },
    shippingAddress,
    billingAddress,
    lines: items.map(({ id: _id, splitFrom: _split, variantId, discountMinor: own, ...line }) => ({
      ...line,
      variantId: variantId ?? undefined,
      discountMinor: own ?? 0,
    })),
    discountMinor: discountMinor - ofLinesMinor,
    state: isPartly ? 'PARTLY_SHIPPED' : state,
    payment: { state: paid, method: 'Visa', reference: null, paidAt: null, refundedMinor },
    tracking,
    placedAt: order.createdAt,
    shippedAt,
    deliveredAt: null,
    cancelledAt: null,
    cancellationReason: null,
  };
  return { order, stated };
}

/** More than that differ in nothing but their numbers: to draw one takes longer than to write it. */
const DRAWN = 1_000;

/** So many orders of their own numbers, the same each time. */
export function sampleOrders(count: number): { order: OrderWithItems; stated: FileOrder }[] {
  const contents = fc.sample(drawn, { numRuns: Math.min(count, DRAWN), seed: 7 });
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const one = contents[index % contents.length];
    return one ? [build(index, one)] : [];
  });
}
