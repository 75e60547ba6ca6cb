import { describe, expect, test } from 'vitest';
import type { FileOrder } from '../../src/domain/file-order.ts';
import { takeInOrder } from '../../src/domain/take-in-order.ts';
import { fileOrder, lineOf } from '../imports/file-orders.ts';

const now = new Date('2026-11-20T12:00:00Z');

type Row = readonly [title: string, given: Partial<FileOrder>, expected: object];

const rows: readonly Row[] = [
  [
    'paid and to be fulfilled: a confirmed order that goes on',
    {
      lines: [lineOf('CUP-B', 2_000, 2), lineOf('TRAY-O', 2_000)],
      discountMinor: 800,
      shippingMinor: 450,
      taxMinor: 942,
      isTaxIncluded: true,
      totalMinor: 5_650,
    },
    { status: 'CONFIRMED', paymentStatus: 'CAPTURED', sagaState: 'COMPLETED', paidMinor: 5_650, isOpen: true },
  ],
  [
    'delivered and refunded whole: closed',
    { state: 'DELIVERED', payment: paid({ state: 'REFUNDED', refundedMinor: 2_000 }) },
    { status: 'DELIVERED', paymentStatus: 'REFUNDED', paidMinor: 2_000, refundedMinor: 2_000, isOpen: false },
  ],
  [
    'cancelled and never charged: closed, without money',
    { state: 'CANCELLED', payment: paid({ state: 'UNPAID' }) },
    { status: 'CANCELLED', paymentStatus: 'PENDING', sagaState: 'COMPENSATED', paidMinor: 0, isOpen: false },
  ],
  [
    'cancelled without goods and prices: an order of nothing',
    { state: 'CANCELLED', lines: [], totalMinor: 0, payment: paid({ state: 'UNPAID' }) },
    { status: 'CANCELLED', paidMinor: 0, items: [] },
  ],
  [
    'delivered and refunded in part: closed, with what went back',
    { state: 'DELIVERED', payment: paid({ state: 'PARTIALLY_REFUNDED', refundedMinor: 500 }) },
    { status: 'DELIVERED', paymentStatus: 'PARTIALLY_REFUNDED', refundedMinor: 500 },
  ],
  [
    'not paid and to be fulfilled: waits for its payment',
    { payment: paid({ state: 'UNPAID' }) },
    { status: 'PENDING', paymentStatus: 'PENDING', sagaState: 'RUNNING', paidMinor: 0, isOpen: true },
  ],
  [
    'only authorised: is not paid',
    { payment: paid({ state: 'AUTHORIZED' }) },
    { status: 'PENDING', paymentStatus: 'PENDING', paidMinor: 0 },
  ],
  [
    'tax on top, shipping and fees: all of it is in the total',
    { taxMinor: 325, shippingMinor: 700, feesMinor: 100, totalMinor: 3_125 },
    { amounts: expect.objectContaining({ subtotalMinor: 2_000, taxMinor: 325, feesMinor: 100, totalMinor: 3_125 }) },
  ],
  [
    'a discount of a line: is a part of the order',
    { lines: [{ ...lineOf('CUP-B', 2_000), discountMinor: 200 }], totalMinor: 1_800 },
    { amounts: expect.objectContaining({ discountMinor: 200, totalMinor: 1_800 }) },
  ],
  [
    'partly shipped: a confirmed order, of which some has left',
    {
      state: 'PARTLY_SHIPPED',
      lines: [lineOf('CUP-B', 1_000), { ...lineOf('TRAY-O', 1_000, 3), shippedQuantity: 1 }],
      totalMinor: 4_000,
    },
    {
      status: 'CONFIRMED',
      isOpen: true,
      items: [expect.objectContaining({ shippedQuantity: 0 }), expect.objectContaining({ shippedQuantity: 1 })],
    },
  ],
  [
    'shipped: everything has left',
    { state: 'SHIPPED' },
    {
      status: 'SHIPPED',
      isOpen: false,
      items: [expect.objectContaining({ shippedQuantity: 1, returnedQuantity: 0 })],
    },
  ],
  [
    'delivered and not paid: closed, without money',
    { state: 'DELIVERED', payment: paid({ state: 'UNPAID' }) },
    { status: 'DELIVERED', paymentStatus: 'PENDING', paidMinor: 0, isOpen: false },
  ],
  [
    'come back and refunded: REFUNDED',
    { state: 'RETURNED', payment: paid({ state: 'REFUNDED', refundedMinor: 0 }) },
    { status: 'REFUNDED', refundedMinor: 2_000, items: [expect.objectContaining({ returnedQuantity: 1 })] },
  ],
  [
    'refunded before anything was shipped: cancelled',
    { payment: paid({ state: 'REFUNDED', refundedMinor: 2_000 }) },
    { status: 'CANCELLED', paymentStatus: 'REFUNDED', cancellationReason: 'refunded before it was shipped' },
  ],
  [
    'of nothing: needs no payment',
    { lines: [lineOf('GIFT', 0)], totalMinor: 0, payment: paid({ state: 'UNPAID' }) },
    { status: 'CONFIRMED', paymentStatus: 'CAPTURED', paidMinor: 0 },
  ],
];

describe('an order that is taken in stands as its file says', () => {
  test.each(rows)('%s', (_, given, expected) => {
    expect(takeInOrder(fileOrder(given), 'wait', now)).toMatchObject(expected);
  });

  test('an unpaid one is cancelled, when it was taken in, where the caller says so', () => {
    const taken = takeInOrder(fileOrder({ payment: paid({ state: 'UNPAID' }) }), 'cancel', now);
    expect(taken).toMatchObject({ status: 'CANCELLED', cancelledAt: now, isOpen: false });
  });
});

test('its milestones are in order and have the dates of the file', () => {
  const [placedAt, shippedAt, deliveredAt] = ['01', '03', '05'].map((day) => new Date(`2024-02-${day}T10:00:00Z`));
  const taken = takeInOrder(
    fileOrder({ state: 'DELIVERED', placedAt: placedAt!, shippedAt: shippedAt!, deliveredAt: deliveredAt! }),
    'wait',
    now,
  );
  expect(taken.milestones.map(({ to, at }) => [to, at])).toEqual([
    ['PENDING', placedAt],
    ['CONFIRMED', placedAt],
    ['SHIPPED', shippedAt],
    ['DELIVERED', deliveredAt],
  ]);
  expect(taken).toMatchObject({ createdAt: placedAt, updatedAt: deliveredAt });
});

test('an order whose amounts do not come to its total is refused with both figures', () => {
  const order = fileOrder({ totalMinor: 2_100 });
  expect(() => takeInOrder(order, 'wait', now)).toThrow(/is 21\.00 EUR, and .* come to 20\.00/);
});

test('an order of a year that is far ahead is refused, and one of a clock that is wrong is not', () => {
  expect(() => takeInOrder(placedIn(2099), 'wait', now)).toThrow(/placed_at: is 2099-02-13.*column\.placed_at=-/);
  expect(takeInOrder(placedIn(now.getUTCFullYear()), 'wait', now)).toBeDefined();
});

test('more refunded than the order comes to is refused', () => {
  const order = fileOrder({ payment: paid({ state: 'REFUNDED', refundedMinor: 2_001 }) });
  expect(() => takeInOrder({ ...order, state: 'DELIVERED' }, 'wait', now)).toThrow(/more than the total of 20\.00/);
});

function paid(payment: Partial<FileOrder['payment']>): FileOrder['payment'] {
  return { ...fileOrder({}).payment, ...payment };
}

function placedIn(year: number): FileOrder {
  return fileOrder({ placedAt: new Date(Date.UTC(year, 1, 13)) });
}
