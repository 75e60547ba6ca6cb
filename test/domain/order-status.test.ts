import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allowedAfter,
  allowedBefore,
  canTransition,
  fulfilmentStatuses,
  isCancellable,
  isFulfilmentStatus,
  orderStatuses,
  type OrderStatus,
} from '../../src/domain/order-status.ts';

/** The arrows that were promised to clients, spelled out once more so that a slip in the table shows. */
const promised = new Set(
  [
    'PENDING → CONFIRMED → PROCESSING → SHIPPED → DELIVERED → RETURNED → REFUNDED',
    'PENDING → PAYMENT_FAILED → PENDING',
    'PAYMENT_FAILED → CANCELLED',
    'CONFIRMED → SHIPPED → RETURNED',
    'PENDING → CANCELLED',
    'CONFIRMED → CANCELLED',
    'PROCESSING → CANCELLED',
  ].flatMap((path) => {
    const statuses = path.split(' → ');
    return statuses.slice(1).map((to, index) => `${statuses[index]} → ${to}`);
  }),
);

const anyStatus = fc.constantFrom(...orderStatuses);

describe('the transition table', () => {
  test('allows exactly the promised arrows', () => {
    const allowed = orderStatuses.flatMap((from) => allowedAfter(from).map((to) => `${from} → ${to}`));
    expect(allowed.toSorted()).toEqual([...promised].toSorted());
  });

  test.each(['CANCELLED', 'REFUNDED'] as const)('lets nothing leave %s', (final) => {
    expect(allowedAfter(final)).toEqual([]);
    for (const to of orderStatuses) expect(canTransition(final, to)).toBe(false);
  });

  test('does not count staying as a transition', () => {
    for (const status of orderStatuses) expect(canTransition(status, status)).toBe(false);
  });

  test('keeps every random walk on the promised arrows, whatever is tried on the way', () => {
    fc.assert(
      fc.property(fc.array(anyStatus, { maxLength: 60 }), (attempts) => {
        const walk: OrderStatus[] = ['PENDING'];
        for (const to of attempts) if (canTransition(walk.at(-1)!, to)) walk.push(to);
        for (const [index, to] of walk.slice(1).entries()) expect(promised).toContain(`${walk[index]} → ${to}`);
      }),
      { numRuns: 1_000 },
    );
  });

  test('leads every walk that goes on to a final status, but for a payment that is tried for ever', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 200, maxLength: 200 }), (choices) => {
        const end = choices.reduce<OrderStatus>((status, choice) => {
          const next = allowedAfter(status);
          return next[choice % next.length] ?? status;
        }, 'PENDING');
        expect(['CANCELLED', 'REFUNDED', 'PENDING', 'PAYMENT_FAILED']).toContain(end);
      }),
    );
  });

  test('reads the same backwards: allowedBefore is the inverse of allowedAfter', () => {
    fc.assert(
      fc.property(anyStatus, anyStatus, (from, to) => {
        expect(allowedBefore(to).includes(from)).toBe(allowedAfter(from).includes(to));
        expect(canTransition(from, to)).toBe(allowedAfter(from).includes(to));
      }),
      { numRuns: 500 },
    );
  });
});

test('an order can be cancelled until its goods leave, and only then', () => {
  expect(orderStatuses.filter(isCancellable).toSorted()).toEqual([
    'CONFIRMED',
    'PAYMENT_FAILED',
    'PENDING',
    'PROCESSING',
  ]);
});

test('staff set the steps of fulfilment by hand and nothing else', () => {
  expect(orderStatuses.filter(isFulfilmentStatus)).toEqual([...fulfilmentStatuses]);
  expect(fulfilmentStatuses).toEqual(['PROCESSING', 'SHIPPED', 'DELIVERED']);
  expect(['processing', 'toString', '', ' SHIPPED'].filter(isFulfilmentStatus)).toEqual([]);
});
