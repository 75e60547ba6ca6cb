import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refundDueMinor, refundShareMinor, type RefundableOrder } from '../../src/domain/order-refunds.ts';
import { computeTotals, discountOfLine, type PricedLine } from '../../src/domain/order-totals.ts';
import { refundableCharges } from '../../src/domain/refundable-charges.ts';
import { WHOLE } from '../../src/domain/rate.ts';

const anyOrder: fc.Arbitrary<RefundableOrder> = fc
  .record({
    lines: fc.array(
      fc.record({
        unitPriceMinor: fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: 1_000_000 })),
        quantity: fc.integer({ min: 1, max: 6 }),
        // Few lines have a discount of their own.
        discountMinor: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat({ max: 2_000 })),
      }),
      { minLength: 1, maxLength: 8 },
    ),
    coupon: fc.oneof(
      fc.constant(null),
      fc.record({
        kind: fc.constant('percent' as const),
        rate: fc.nat({ max: WHOLE }),
        minSubtotalMinor: fc.constant(0),
      }),
      fc.record({
        kind: fc.constant('fixed' as const),
        amountMinor: fc.nat({ max: 100_000 }),
        minSubtotalMinor: fc.constant(0),
      }),
    ),
    taxRate: fc.nat({ max: WHOLE }),
    shippingMinor: fc.nat({ max: 5_000 }),
    feesMinor: fc.nat({ max: 500 }),
    isTaxIncluded: fc.boolean(),
  })
  .map((input) => ({ ...computeTotals(input), items: input.lines.map((line, id) => ({ ...line, id: String(id) })) }));

/** An order, and its units one by one in some order. */
const anyReturns = anyOrder.chain((order) => {
  const units = order.items.flatMap(({ id, quantity }) => Array.from({ length: quantity }, () => id));
  return fc.tuple(fc.constant(order), fc.shuffledSubarray(units, { minLength: units.length }));
});

const besideGoodsOf = ({ shippingMinor, feesMinor = 0 }: RefundableOrder) => shippingMinor + feesMinor;
const goodsOf = (order: RefundableOrder) => order.totalMinor - besideGoodsOf(order);

describe('the refunds of any order', () => {
  test('by single units in whatever order add up to the total, shipping and fees with the last one', () => {
    fc.assert(
      fc.property(anyReturns, ([order, units]) => {
        const returned: Record<string, number> = {};
        let refunded = 0;
        units.forEach((id, index) => {
          const before = refundDueMinor(order, returned);
          const quantity = returned[id] ?? 0;
          returned[id] = quantity + 1;
          const refund = refundDueMinor(order, returned) - before;
          const last = index === units.length - 1;
          const share = refundShareMinor(order, id, quantity, quantity + 1);
          expect(refund).toBe(last ? share + besideGoodsOf(order) : share);
          expect(refund).toBeGreaterThanOrEqual(0);
          refunded += refund;
          expect(refunded).toBeLessThanOrEqual(last ? order.totalMinor : goodsOf(order));
        });
        expect(refunded).toBe(order.totalMinor);
      }),
      { numRuns: 500 },
    );
  });

  test('by whole lines add up to what was paid without shipping and fees', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const shares = order.items.map(({ id, quantity }) => refundShareMinor(order, id, 0, quantity));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(goodsOf(order));
      }),
    );
  });

  test('give every unit its part by price, within one minor unit', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const subtotal = order.items.reduce((sum, line) => sum + worthOf(line), 0);
        fc.pre(subtotal > 0);
        for (const { id, quantity, ...line } of order.items) {
          for (let unit = 0; unit < quantity; unit += 1) {
            const exact = (goodsOf(order) * worthOf({ ...line, quantity })) / quantity / subtotal;
            // The part of a unit in the discount of its line is within one minor unit as well, before tax.
            const tolerance = line.discountMinor ? 1 + (2 * goodsOf(order)) / subtotal : 1;
            expect(Math.abs(refundShareMinor(order, id, unit, unit + 1) - exact)).toBeLessThan(tolerance + 0.000_001);
          }
        }
      }),
    );
  });

  test('of a span are those of its parts', () => {
    fc.assert(
      fc.property(anyOrder, fc.nat(), fc.nat(), (order, a, b) => {
        const { id, quantity } = order.items[a % order.items.length]!;
        const middle = b % (quantity + 1);
        const parts = refundShareMinor(order, id, 0, middle) + refundShareMinor(order, id, middle, quantity);
        expect(parts).toBe(refundShareMinor(order, id, 0, quantity));
      }),
    );
  });
});

const tea: RefundableOrder = {
  items: [
    { id: 'a', unitPriceMinor: 1_000, quantity: 3 },
    { id: 'b', unitPriceMinor: 0, quantity: 1 },
  ],
  shippingMinor: 500,
  totalMinor: 500 + 1_000,
};

test('three units that came to 10.00 refund 3.33, 3.34 and 3.33, and the shipping comes with the last of all lines', () => {
  expect([0, 1, 2].map((unit) => refundShareMinor(tea, 'a', unit, unit + 1))).toEqual([333, 334, 333]);
  expect(refundDueMinor(tea, {})).toBe(0);
  expect(refundDueMinor(tea, { a: 3 })).toBe(1_000);
  expect(refundDueMinor(tea, { a: 3, b: 1 })).toBe(1_500);
});

test('goods that cost nothing refund nothing', () => {
  const free = { items: [{ id: 'a', unitPriceMinor: 0, quantity: 2 }], shippingMinor: 1_000, totalMinor: 1_000 };
  expect(refundShareMinor(free, 'a', 0, 2)).toBe(0);
  expect(refundDueMinor(free, { a: 2 })).toBe(1_000);
});

test.each([
  ['x', 0, 1],
  ['a', 0, 4],
  ['a', 2, 1],
  ['a', -1, 1],
  ['a', 0, 0.5],
  ['a', Number.NaN, 1],
])('units of %s from %d to %d that the order does not have are refused', (id, from, to) => {
  expect(() => refundShareMinor(tea, id, from, to)).toThrow(RangeError);
});

test('refunds draw from the oldest payment first, and within one by several methods from the part that was used last', () => {
  const books = [
    // Its second part was declined, so it has gone back.
    booked('charge:1:1', 'gone'),
    booked('refund:1:1', 'gone', 'REFUND'),
    booked('charge:2:2', 'card'),
    booked('charge:2:1', 'gift'),
    booked('charge:2:3', 'voucher'),
    booked('charge:amend:1', 'more'),
  ];
  expect(refundableCharges(books).map(({ paymentId }) => paymentId)).toEqual(['voucher', 'card', 'gift', 'more']);
});

function worthOf(line: PricedLine): number {
  return line.unitPriceMinor * line.quantity - discountOfLine(line);
}

function booked(key: string, paymentId: string, kind: 'CHARGE' | 'REFUND' = 'CHARGE') {
  const status = kind === 'CHARGE' ? 'CAPTURED' : 'REFUNDED';
  const provider = 'PAYMENT_SERVICE';
  return { idempotencyKey: `o:${key}`, kind, status, amountMinor: 1_000, provider, paymentId } as const;
}
