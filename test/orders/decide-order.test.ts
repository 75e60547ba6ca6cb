import { expect, test } from 'vitest';
import type { Coupon } from '../../src/domain/coupon.ts';
import type { PlacingRules } from '../../src/domain/order-rules.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { decideOrder } from '../../src/orders/decide-order.ts';
import type { OrderFacts } from '../../src/orders/find-order-facts.ts';
import type { OrderRequest } from '../../src/orders/order-request.ts';

const rules: PlacingRules = {
  maxItems: 50,
  minTotal: '1.00',
  shippingRates: { standard: '0', express: '9.90' },
  taxRates: { DE: 19_000 },
};

const request: OrderRequest = {
  currency: 'EUR',
  items: [
    { sku: 'MUG', quantity: 2 },
    { product_id: 'p-tee', quantity: 1, unit_price: '20.00' },
  ],
  payment_method: 'tok_ok',
  shipping_address: { name: 'Alice', line1: '1 High Street', city: 'Berlin', postal_code: '10115', country: 'DE' },
};

const facts: OrderFacts = {
  customer: { id: 'alice', active: true },
  products: [
    { id: 'p-mug', sku: 'MUG', name: 'Mug', priceMinor: 1_000, currency: 'EUR' },
    { id: 'p-tee', sku: 'TEE', name: 'Tee', priceMinor: 2_000, currency: 'EUR' },
  ],
  coupon: undefined,
};

const coupon: Coupon = {
  code: 'SAVE10',
  kind: 'percent',
  value: '10',
  currency: null,
  minSubtotal: null,
  validFrom: null,
  validUntil: new Date('2026-12-01T00:00:00Z'),
  oncePerCustomer: true,
  maxUses: null,
  active: true,
  uses: 0,
  createdAt: new Date(0),
  updatedAt: new Date(0),
};

const placing = { maySetPrices: false, at: new Date('2026-11-01T00:00:00Z') };

function catchRefusal(
  more: Partial<OrderRequest>,
  known: Partial<OrderFacts> = {},
  placed = placing,
): Refusal | undefined {
  try {
    decideOrder({ ...request, ...more }, { ...facts, ...known }, rules, placed);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

test('an order is priced by the catalogue and comes to subtotal, tax and shipping', () => {
  const order = decideOrder({ ...request, shipping_method: 'express' }, facts, rules, placing);
  expect(order).toMatchObject({
    items: [
      { productId: 'p-mug', sku: 'MUG', unitPriceMinor: 1_000, quantity: 2 },
      { productId: 'p-tee', sku: 'TEE', unitPriceMinor: 2_000, quantity: 1 },
    ],
    subtotalMinor: 4_000,
    discountMinor: 0,
    taxMinor: 760,
    shippingMinor: 990,
    totalMinor: 5_750,
    shippingMethod: 'express',
  });
});

test('the same request, facts and rules make the same order', () => {
  const [once, again] = [1, 2].map(() => decideOrder(request, facts, rules, placing));
  expect(once).toEqual(again);
});

test('all lines that can not be sold are told at once, before any price that differs', () => {
  const items = [
    { sku: 'NONE', quantity: 1 },
    { sku: 'MUG', quantity: 1, unit_price: '9.00' },
    { product_id: 'gone', quantity: 1 },
  ];
  expect(catchRefusal({ items })).toMatchObject({
    code: 'VALIDATION',
    details: [{ pointer: '/items/0/sku' }, { pointer: '/items/2/product_id' }],
  });
  expect(catchRefusal({ items: items.slice(1, 2) })).toMatchObject({
    code: 'PRICE_CHANGED',
    details: [{ pointer: '/items/0/unit_price', sku: 'MUG', unit_price: '9.00', current_price: '10.00' }],
  });
});

test('whoever may set prices sets them, in a currency other than the catalogue’s as well', () => {
  const items = [{ sku: 'MUG', quantity: 1, unit_price: '9.00' }];
  const asService = { ...placing, maySetPrices: true };
  expect(catchRefusal({ items, currency: 'USD' })).toMatchObject({ details: [{ pointer: '/items/0/sku' }] });
  expect(catchRefusal({ items, currency: 'USD' }, {}, asService)).toBeUndefined();
  expect(catchRefusal({ items: [{ sku: 'MUG', quantity: 1 }], currency: 'USD' }, {}, asService)?.code).toBe(
    'VALIDATION',
  );
});

test.each([
  [undefined, 'is unknown'],
  [{ id: 'alice', active: false }, 'is inactive'],
])('a customer %j may not order', (customer, message) => {
  expect(catchRefusal({}, { customer })).toMatchObject({
    code: 'ORD001',
    details: [{ pointer: '/customer_id', message }],
  });
});

test('a coupon lowers the total; one that is unknown, expired or used is refused', () => {
  const asked = { coupon_code: 'save10' };
  const found = { coupon, usedByCustomer: false };
  const order = decideOrder({ ...request, ...asked }, { ...facts, coupon: found }, rules, placing);
  expect(order).toMatchObject({ couponCode: 'SAVE10', discountMinor: 400, totalMinor: 4_284 });

  const refused = { code: 'VALIDATION', details: [{ pointer: '/coupon_code' }] };
  expect(catchRefusal(asked)).toMatchObject(refused);
  expect(catchRefusal(asked, { coupon: { coupon, usedByCustomer: true } })).toMatchObject(refused);
  const late = { ...placing, at: new Date('2027-01-01T00:00:00Z') };
  expect(catchRefusal(asked, { coupon: found }, late)).toMatchObject(refused);
});

test('a total below the minimum or beyond what is exact is refused', () => {
  const asService = { ...placing, maySetPrices: true };
  const refused = { code: 'VALIDATION', details: [{ pointer: '/items' }] };
  expect(catchRefusal(mugsFor('0.50', 1), {}, asService)).toMatchObject(refused);
  expect(catchRefusal(mugsFor('90000000000000.00', 10_000), {}, asService)).toMatchObject(refused);
});

function mugsFor(unitPrice: string, quantity: number): Pick<OrderRequest, 'items'> {
  return { items: [{ sku: 'MUG', quantity, unit_price: unitPrice }] };
}
