import { expect, test } from 'vitest';
import { orderPriority } from '../../src/temporal/order-priority.ts';

const alone = { customerId: 'alice', batchId: null, placedByService: 'shop-1' };
const ofImport = { ...alone, batchId: '018f' };

test('without a setting an order has no priority and no turn', () => {
  expect(orderPriority(alone, { taskQueue: 'orders', hasPriorities: false, fairness: undefined })).toEqual({});
});

test('with priorities an order placed by itself goes before one of an import', () => {
  const settings = { taskQueue: 'orders', hasPriorities: true, fairness: undefined };
  const [first, second] = [orderPriority(alone, settings), orderPriority(ofImport, settings)];
  expect(first.priority?.priorityKey).toBeLessThan(second.priority?.priorityKey ?? 0);
});

test.each([
  ['customer', 'alice'],
  ['service', 'shop-1'],
] as const)('orders of each %s take turns', (fairness, fairnessKey) => {
  expect(orderPriority(alone, { taskQueue: 'orders', hasPriorities: false, fairness })).toEqual({
    priority: { fairnessKey },
  });
});

test('a customer whose id is longer than the engine takes has a turn of its own', () => {
  const settings = { taskQueue: 'orders', hasPriorities: false, fairness: 'customer' } as const;
  const keyOf = (customerId: string) => orderPriority({ ...alone, customerId }, settings).priority?.fairnessKey ?? '';
  expect(Buffer.byteLength(keyOf('ä'.repeat(255)))).toBeLessThanOrEqual(64);
  expect(keyOf(`${'x'.repeat(254)}1`)).not.toBe(keyOf(`${'x'.repeat(254)}2`));
});
