import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Invoice } from '../../../dev/replay/read-invoices.ts';
import { reconcile } from '../../../dev/replay/reconcile.ts';
import { formatJsonLine, formatTable } from '../../../dev/replay/report.ts';
import { balancedBooks, type DraftBooks, payment, repeated } from './books.ts';
import { readFixture } from './fixture.ts';

/** The invoices of the fixture that break no rule. */
const right = new Set(['536001', '536002', '536010', '536011', '536012']);

let invoices: Invoice[];
let books: DraftBooks;
beforeAll(async () => {
  invoices = await readFixture();
});

function falsify(change: (draft: DraftBooks) => void) {
  books = balancedBooks(invoices, (number) => right.has(number));
  change(books);
  return reconcile(books);
}

/** Changes one row of a list that is otherwise read-only to the product. */
function edit<T>(rows: T[], isIt: (row: T) => boolean, change: Partial<T>): void {
  const index = rows.findIndex(isIt);
  const row = rows[index];
  if (row === undefined) throw new Error('no such row');
  rows[index] = { ...row, ...change };
}

const ofFirst = (id: string) => id === 'order-of-536001';

describe('a flawless run', () => {
  test('balances, to the penny', () => {
    const result = falsify(() => {});
    expect(result).toMatchObject({
      invoices: 12,
      skipped: 2,
      confirmed: 5,
      rejected: { VALIDATION: 5 },
      byStatus: { CONFIRMED: 5 },
      // 12.60 + 16.95, 15.00 + 2.10, 0.00 + 10.00, 36.00 + 1.25 + 2.55 + 15.00, 10.00
      confirmedMinor: 12_145,
      capturedMinor: 12_145,
      unitsSold: 11 + 13 + 9 + 5 + 5,
      stockDrift: 0,
      breaches: [],
    });
  });

  test('reports the same when it is repeated, although nothing more is sold', () => {
    const first = falsify(() => {});
    expect(reconcile(repeated(books))).toEqual(first);
  });

  test('balances whichever invoices are refused', () => {
    fc.assert(
      fc.property(fc.subarray([...right]), (accepted) => {
        const result = reconcile(balancedBooks(invoices, (number) => accepted.includes(number)));
        expect(result.breaches).toEqual([]);
        expect(result.confirmed).toBe(accepted.length);
        expect(result.capturedMinor).toBe(result.confirmedMinor);
      }),
    );
  });

  test('is one line of JSON with the agreed keys', () => {
    const line = formatJsonLine(
      falsify(() => {}),
      2.04,
    );
    expect(line).toBe(
      '{"invoices":12,"skipped":2,"confirmed":5,"rejected":{"VALIDATION":5},"confirmed_total":"121.45",' +
        '"captured_total":"121.45","units_sold":43,"stock_drift":0,"seconds":2,"orders_per_second":4.9}',
    );
  });

  test('balances beside other sales of the same products', () => {
    const result = falsify(({ now }) => {
      const items = [{ sku: 'POST', quantity: 3 }];
      now.orders.push({ id: 'other', status: 'CONFIRMED', total: '54.00', currency: 'GBP', items });
      now.payments.push(payment('other', '54.00'));
      const post = now.products.find(({ sku }) => sku === 'POST');
      edit(now.products, ({ sku }) => sku === 'POST', { stock: (post?.stock ?? 0) - 3 });
    });
    expect(result.breaches).toEqual([]);
    expect(result.capturedMinor).toBe(12_145);
  });
});

describe('an order that was refused after it was accepted', () => {
  test.each([
    ['ORD003', { status: 'PAYMENT_FAILED' as const }, undefined],
    ['ORD002', { status: 'CANCELLED' as const, failure: { code: 'ORD002' } }, undefined],
    ['ORD002', { status: 'CANCELLED' as const }, 'ORD002'],
    ['CANCELLED', { status: 'CANCELLED' as const }, undefined],
  ])('counts as %s', (code, change, answered) => {
    const result = falsify((draft) => {
      edit(draft.now.orders, ({ id }) => id === 'order-of-536012', change);
      draft.outcomes.set('536012', { kind: 'order', orderId: 'order-of-536012', code: answered });
      draft.now.payments = draft.now.payments.filter((one) => one.order_id !== 'order-of-536012');
      edit(draft.now.products, ({ sku }) => sku === '10001a', { stock: 1_000 });
    });
    expect(result).toMatchObject({ confirmed: 4, rejected: { VALIDATION: 5, [code]: 1 }, breaches: [] });
  });
});

describe('what does not balance', () => {
  test.each<[string, (draft: DraftBooks) => void, RegExp]>([
    [
      'an order that is still PENDING',
      ({ now }) => edit(now.orders, ({ id }) => ofFirst(id), { status: 'PENDING' }),
      /still PENDING/,
    ],
    ['an order that is lost', ({ now }) => now.orders.shift(), /not in the list/],
    [
      'an answer with the order of another',
      ({ outcomes }) => outcomes.set('536001', { kind: 'order', orderId: 'order-of-536002' }),
      /another's/,
    ],
    ['an invoice placed twice', ({ now }) => now.orders.push({ ...now.orders[0]!, id: 'twin' }), /second order, twin/],
    [
      'an order for a refused invoice',
      ({ now }) =>
        now.orders.push({ ...now.orders[0]!, id: 'ghost', metadata: { source: 'replay', invoice: '536005' } }),
      /536005: there is a second order/,
    ],
    [
      'a request that nobody answered',
      ({ outcomes }) => outcomes.set('536005', { kind: 'unanswered', why: 'no answer' }),
      /no answer/,
    ],
    ['an invoice that was not placed', ({ outcomes }) => outcomes.delete('536005'), /not every invoice/],
    [
      'an order charged twice',
      ({ now }) => now.payments.push(payment('order-of-536001', '29.55')),
      /due 2955, captured 5910/,
    ],
    [
      'an order charged a penny short',
      ({ now }) => edit(now.payments, (one) => ofFirst(one.order_id), { amount: '29.54' }),
      /captured 2954/,
    ],
    [
      'an authorisation captured a penny short',
      ({ now }) => edit(now.payments, (one) => ofFirst(one.order_id), { captured_amount: '29.54' }),
      /captured 2954/,
    ],
    [
      'money that is held and not captured',
      ({ now }) =>
        now.payments.push({ ...payment('order-of-536001', '29.55'), captured_amount: '0.00', status: 'AUTHORIZED' }),
      /29.55 GBP is authorised, and neither captured nor released/,
    ],
    [
      'a charge that was declined',
      ({ now }) => edit(now.payments, (one) => ofFirst(one.order_id), { status: 'DECLINED' }),
      /captured 0/,
    ],
    [
      'a penny refunded',
      ({ now }) =>
        edit(now.payments, (one) => ofFirst(one.order_id), { refunded_amount: '0.01', status: 'PARTIALLY_REFUNDED' }),
      /captured 2954/,
    ],
    [
      'money kept for a cancelled order',
      ({ now }) => edit(now.orders, ({ id }) => ofFirst(id), { status: 'CANCELLED' }),
      /CANCELLED and due 0/,
    ],
    [
      'a hold without an order',
      ({ now }) => edit(now.products, ({ sku }) => sku === 'M', { reserved: 1 }),
      /M: reserved 0 → 1/,
    ],
  ])('is %s', (_, change, message) => {
    const result = falsify(change);
    expect(result.breaches.join('\n')).toMatch(message);
    expect(formatTable(result, 1)).toContain('DOES NOT BALANCE');
  });

  test('is every unit of stock that no order explains, counted once', () => {
    fc.assert(
      fc.property(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -900, max: 900 }), (ofM, ofPost) => {
        const result = falsify(({ now }) => {
          edit(now.products, ({ sku }) => sku === 'M', { stock: 999 + ofM });
          edit(now.products, ({ sku }) => sku === 'POST', { stock: 998 + ofPost });
        });
        expect(result.stockDrift).toBe(Math.abs(ofM) + Math.abs(ofPost));
        expect(result.breaches).toHaveLength(Number(ofM !== 0) + Number(ofPost !== 0));
      }),
    );
  });

  test('is not an invoice whose number another file used first', () => {
    const result = falsify(({ now, outcomes }) => {
      now.orders.push({
        ...now.orders[0]!,
        id: 'earlier',
        metadata: { source: 'replay', invoice: '536005' },
        status: 'CANCELLED',
      });
      outcomes.set('536005', { kind: 'refused', code: 'IDEMPOTENCY_KEY_REUSED' });
    });
    expect(result).toMatchObject({ rejected: { IDEMPOTENCY_KEY_REUSED: 1, VALIDATION: 4 }, breaches: [] });
  });
});
