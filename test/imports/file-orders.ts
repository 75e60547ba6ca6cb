import type { FileOrder, FileOrderLine } from '../../src/domain/file-order.ts';

/** A line of a file's order, of which nothing has been shipped. */
export function lineOf(sku: string, unitPriceMinor: number, quantity = 1): FileOrderLine {
  return { sku, quantity, shippedQuantity: 0, returnedQuantity: 0, unitPriceMinor, discountMinor: 0 };
}

/** An order of a file: one cup of 20.00, paid, to be fulfilled. */
export function fileOrder(more: Partial<FileOrder>): FileOrder {
  return {
    reference: '#7001',
    source: 'shopify',
    currency: 'EUR',
    customer: { id: null, name: 'Kim Muster', email: 'kim@example.com', phone: null },
    locale: null,
    shippingAddress: { name: 'Kim Muster', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' },
    billingAddress: null,
    shippingMethod: null,
    couponCode: null,
    notes: null,
    lines: [lineOf('CUP-B', 2_000)],
    discountMinor: 0,
    taxMinor: 0,
    isTaxIncluded: false,
    shippingMinor: 0,
    feesMinor: 0,
    totalMinor: 2_000,
    state: 'OPEN',
    payment: { state: 'PAID', method: 'Shopify Payments', reference: 'pay_1', paidAt: null, refundedMinor: 0 },
    tracking: null,
    placedAt: new Date('2024-01-10T09:00:00Z'),
    shippedAt: null,
    deliveredAt: null,
    cancelledAt: null,
    cancellationReason: null,
    ...more,
  };
}
