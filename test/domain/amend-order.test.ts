import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amendOrder, type AmendmentFacts } from '../../src/domain/amend-order.ts';
import { countUnits, findPortions } from '../../src/domain/line-portions.ts';
import type { AmendItemsCommand } from '../../src/domain/messages.ts';
import { computeTotals } from '../../src/domain/order-totals.ts';
import type { OrderItem, OrderWithItems } from '../../src/domain/order.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { items, placed, products, taxRates } from '../saga/plans/order.ts';

const [teapots, cups] = items as [OrderItem, OrderItem];
const rules = { maxItems: 50, minTotal: '0', taxRates };
const active = { active: true };

let made = 0;

/** The order after a command, while the catalogue asks `priceMinor` for whatever is added. */
function amended(
  order: OrderWithItems,
  change: Pick<AmendItemsCommand, 'change' | 'item_id' | 'quantity'>,
  priceMinor: number,
  facts: Partial<AmendmentFacts> = {},
): OrderWithItems {
  const sku = order.items.find(({ id }) => id === change.item_id)?.sku;
  const product = { ...(products.find((one) => one.sku === sku) ?? products[0]!), priceMinor };
  const command = { actor: 'test', reason: 'test', command_id: 'c', ...change };
  const known = { product, customer: active, newItemId: `new-${(made += 1)}`, details: undefined, ...facts };
  const { items: after, amounts, taxRate, details } = amendOrder(order, command, known, rules);
  return { ...order, ...details, ...amounts, items: after, taxRate };
}

const confirmed: OrderWithItems = { ...placed, status: 'CONFIRMED', items };
const set = (item: OrderItem, quantity: number) => ({ change: 'set', item_id: item.id, quantity }) as const;
const linesOf = (order: OrderWithItems) =>
  order.items.map(({ sku, quantity, unitPriceMinor }) => [sku, quantity, unitPriceMinor]);

describe('units that are added to a line', () => {
  test('have the price of today, those that were bought keep their own', () => {
    const after = amended(confirmed, set(teapots, 12), 10_000);
    expect(linesOf(after)).toEqual([
      ['TEAPOT', 2, 900],
      ['CUP', 2, 250],
      ['TEAPOT', 10, 10_000],
    ]);
    expect(after.totalMinor - confirmed.totalMinor).toBe(100_000);
    // The quantity of a line is that of all its units: asking for it again changes nothing.
    expect(linesOf(amended(after, set(teapots, 12), 1))).toEqual(linesOf(after));
  });

  test('belong to it while the price is the same', () => {
    expect(linesOf(amended(confirmed, set(teapots, 5), 900))[0]).toEqual(['TEAPOT', 5, 900]);
  });

  test('are the first to go', () => {
    const dearer = amended(amended(confirmed, set(teapots, 4), 1_000), set(teapots, 6), 1_100);
    expect(linesOf(amended(dearer, set(teapots, 5), 1))).toContainEqual(['TEAPOT', 1, 1_100]);
    expect(linesOf(amended(dearer, set(teapots, 3), 1))).toEqual([
      ['TEAPOT', 2, 900],
      ['CUP', 2, 250],
      ['TEAPOT', 1, 1_000],
    ]);
    expect(linesOf(amended(dearer, { change: 'remove', item_id: teapots.id }, 1))).toEqual([['CUP', 2, 250]]);
  });

  test('stay when the line that they were added to has gone', () => {
    const split = amended(confirmed, set(teapots, 5), 1_000);
    const left = split.items.map((item) => (item.splitFrom ? { ...item, shippedQuantity: 3 } : item));
    const after = amended({ ...split, status: 'PROCESSING', items: left }, set(teapots, 3), 1);
    expect(after.items.map(({ sku, quantity, splitFrom }) => [sku, quantity, splitFrom])).toEqual([
      ['CUP', 2, null],
      ['TEAPOT', 3, null],
    ]);
  });

  test('are refused when the catalogue has them no more, or in another currency', () => {
    for (const [product, message] of [
      [undefined, /not in the catalogue/],
      [{ ...products[0]!, currency: 'USD' }, /sold in USD/],
    ] as const) {
      expect(() => amended(confirmed, set(teapots, 3), 900, { product })).toThrow(message);
    }
  });

  test('each keep the price that they were added at, whatever is asked for in whatever order', () => {
    const step = fc.record({
      item: fc.constantFrom(teapots, cups),
      quantity: fc.integer({ min: 1, max: 8 }),
      priceMinor: fc.constantFrom(250, 900, 1_000, 1_001),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let order = confirmed;
        const prices = new Map(items.map(({ id, unitPriceMinor }) => [id, [unitPriceMinor, unitPriceMinor]]));
        for (const { item, quantity, priceMinor } of steps) {
          order = amended(order, set(item, quantity), priceMinor);
          const own = prices.get(item.id)!;
          while (own.length > quantity) own.pop();
          while (own.length < quantity) own.push(priceMinor);
          expect(countUnits(findPortions(order.items, item.id))).toBe(quantity);
        }
        const subtotalMinor = [...prices.values()].flat().reduce((sum, minor) => sum + minor, 0);
        expect(order.subtotalMinor).toBe(subtotalMinor);
        const { couponTerms: coupon, taxRate, shippingMinor } = order;
        expect(order).toMatchObject(computeTotals({ lines: order.items, coupon, taxRate, shippingMinor }));
      }),
    );
  });
});

/** The code of the refusal of a change by this customer, if it is refused. */
function refused(change: Parameters<typeof amended>[1], customer: AmendmentFacts['customer']): unknown {
  try {
    amended(confirmed, change, 900, { customer });
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.code : error;
  }
}

describe('an order that was taken in without its goods', () => {
  const takenIn: OrderWithItems = { ...confirmed, paymentProvider: 'EXTERNAL', reservationId: null };

  test('can be lowered and redirected', () => {
    expect(linesOf(amended(takenIn, set(teapots, 1), 900))[0]).toEqual(['TEAPOT', 1, 900]);
    expect(amended(takenIn, { change: 'remove', item_id: cups.id }, 900).items).toHaveLength(1);
    const shippingAddress = { ...takenIn.shippingAddress, line1: '2 Low Street' };
    const details = { shippingAddress } as AmendmentFacts['details'];
    expect(amended(takenIn, { change: 'redirect' }, 900, { details }).shippingAddress).toEqual(shippingAddress);
  });

  test('refuses more goods, whether the customer is known or not', () => {
    for (const customer of [active, undefined]) {
      expect(() => amended(takenIn, set(teapots, 3), 900, { customer })).toThrow('taken in without its goods');
      expect(() => amended(takenIn, { change: 'add', quantity: 1 }, 900, { customer })).toThrow('order of its own');
    }
  });
});

describe('a customer who may not order', () => {
  test.each([['inactive', { active: false }] as const, ['unknown', undefined] as const])(
    'since they are %s gets no more, but may have less',
    (_what, customer) => {
      expect(refused(set(teapots, 3), customer)).toBe('ORD001');
      expect(refused({ change: 'add', quantity: 1 }, customer)).toBe('ORD001');
      expect(refused(set(teapots, 1), customer)).toBeUndefined();
      expect(refused({ change: 'remove', item_id: cups.id }, customer)).toBeUndefined();
    },
  );
});
