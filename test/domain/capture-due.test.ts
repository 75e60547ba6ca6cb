import { expect, test } from 'vitest';
import type { BookedTransaction } from '../../src/domain/book-refund.ts';
import { openAuthorizations, outstandingMinor } from '../../src/domain/capture-due.ts';

const booked = (key: string, of: Partial<BookedTransaction>): BookedTransaction => ({
  idempotencyKey: `o:charge:${key}`,
  kind: 'AUTHORIZATION',
  status: 'AUTHORIZED',
  amountMinor: 1_000,
  provider: 'PAYMENT_SERVICE',
  ...of,
});

const books = [
  booked('1', { paymentId: 'p1', paymentMethod: 'tok_a', amountMinor: 3_000 }),
  booked('2', { paymentId: 'p2', paymentMethod: 'tok_a', status: 'EXPIRED' }),
  booked('renew:1', { paymentId: 'p3', paymentMethod: 'tok_b' }),
  booked('capture', {
    paymentId: 'p1',
    paymentMethod: 'tok_a',
    kind: 'CHARGE',
    status: 'CAPTURED',
    amountMinor: 2_500,
  }),
];

test('what holds money still is named with its own payment method, whichever the order has by now', () => {
  const held = openAuthorizations(books).map(({ paymentId, paymentMethod, leftMinor }) => [
    paymentId,
    paymentMethod,
    leftMinor,
  ]);
  expect(held).toEqual([
    ['p1', 'tok_a', 500],
    ['p3', 'tok_b', 1_000],
  ]);
});

test('what is outstanding is what was neither paid nor is held', () => {
  expect(outstandingMinor({ totalMinor: 5_000 }, books)).toBe(1_000);
  expect(outstandingMinor({ totalMinor: 4_000 }, books)).toBe(0);
});
