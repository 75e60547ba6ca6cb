import { expect, test } from 'vitest';
import { applyCoupon, CouponRefusedError, type Coupon, type CouponUse } from '../../src/domain/coupon.ts';

const at = new Date('2026-06-15T12:00:00Z');
const use: CouponUse = { at, currency: 'EUR', subtotalMinor: 5_000, usedByCustomer: false };

function someCoupon(more: Partial<Coupon>): Coupon {
  const times = { validFrom: null, validUntil: null, createdAt: at, updatedAt: at };
  const limits = { minSubtotal: null, oncePerCustomer: true, maxUses: null, active: true, uses: 0 };
  return { code: 'SAVE10', kind: 'percent', value: '10', currency: null, ...times, ...limits, ...more };
}

test.each<[string, Partial<Coupon>, Partial<CouponUse>, RegExp]>([
  ['is switched off', { active: false }, {}, /not active/],
  ['begins later', { validFrom: new Date(at.getTime() + 1) }, {}, /not valid before 2026-06-15T12:00:00.001Z/],
  ['ends this very moment', { validUntil: at }, {}, /expired at 2026-06-15T12:00:00.000Z/],
  ['is for another currency', { currency: 'USD' }, {}, /USD, not in EUR/],
  ['wants one minor unit more', { minSubtotal: '50.01' }, {}, /at least 50.01 EUR.*50.00 EUR/],
  ['was used by the customer', {}, { usedByCustomer: true }, /already used/],
  ['has no uses left', { maxUses: 3, uses: 3 }, {}, /used up/],
])('a coupon that %s is refused with the reason', (_, coupon, more, reason) => {
  expect(() => applyCoupon(someCoupon(coupon), { ...use, ...more })).toThrow(CouponRefusedError);
  expect(() => applyCoupon(someCoupon(coupon), { ...use, ...more })).toThrow(reason);
});

test.each<[string, Partial<Coupon>, Partial<CouponUse>]>([
  ['begins this very moment', { validFrom: at }, {}],
  ['ends a moment later', { validUntil: new Date(at.getTime() + 1) }, {}],
  ['is for this currency', { currency: 'EUR' }, {}],
  ['wants exactly this subtotal', { minSubtotal: '50' }, {}],
  ['may be used more than once by a customer', { oncePerCustomer: false }, { usedByCustomer: true }],
  ['has one use left', { maxUses: 3, uses: 2 }, {}],
])('a coupon that %s applies', (_, coupon, more) => {
  expect(applyCoupon(someCoupon(coupon), { ...use, ...more })).toMatchObject({ kind: 'percent', rate: 10_000 });
});

test("the terms are in minor units of the order's currency, a minimum rounded up", () => {
  const minimum = someCoupon({ value: '12.5', minSubtotal: '49.01' });
  expect(applyCoupon(minimum, { ...use, currency: 'JPY' })).toEqual({
    kind: 'percent',
    rate: 12_500,
    minSubtotalMinor: 50,
  });
  expect(
    applyCoupon(someCoupon({ kind: 'fixed', value: '1.5', currency: 'KWD' }), { ...use, currency: 'KWD' }),
  ).toEqual({
    kind: 'fixed',
    amountMinor: 1_500,
    minSubtotalMinor: 0,
  });
});
