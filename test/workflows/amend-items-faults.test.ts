import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed, redirect } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ TAX_RATES: 'FR=20' });
});
afterAll(() => rig.stop());

const faults = ['fail_before_effect', 'fail_after_effect', 'timeout_after_effect', 'late_effect', 'down'] as const;
const more = {
  quantity: 5,
  steps: [
    ['inventory', 'reserve'],
    ['payment', 'charge'],
  ],
} as const;
const less = {
  quantity: 1,
  steps: [
    ['payment', 'refund'],
    ['inventory', 'reserve'],
  ],
} as const;
const cases = [more, less].flatMap(({ quantity, steps }) =>
  steps.flatMap(([service, operation]) => faults.map((mode) => ({ quantity, service, operation, mode }))),
);

// Each has an order and goods of its own, and mostly waits for limits to run out.
describe.concurrent('an amendment goes through', () => {
  test.each(cases)(
    'to $quantity when $service $operation meets $mode',
    async ({ quantity, service, operation, mode }) => {
      const order = await confirmed(rig, 2);
      const match = { order_id: order.id };
      await rig.fault({ service, operation, mode, times: 2, delay_ms: mode === 'late_effect' ? 700 : 2_000, match });
      await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity });
      expect(await balances(rig, order)).toEqual({ keptMinor: 1_250 * quantity, left: quantity, reserved: 0 });
    },
  );
});

const taxed = { from: 'GB', to: 'FR', keptMinor: 3_000, calls: [['payment', 'charge']] } as const;
const untaxed = { from: 'FR', to: 'GB', keptMinor: 2_500, calls: [['payment', 'refund']] } as const;
const redirections = [taxed, untaxed].flatMap(({ calls, ...way }) =>
  calls.flatMap(([service, operation]) => faults.map((mode) => ({ ...way, service, operation, mode }))),
);

describe.concurrent('a redirection goes through', () => {
  test.each(redirections)(
    'from $from to $to when $service $operation meets $mode',
    async ({ from, to, keptMinor, service, operation, mode }) => {
      const order = await confirmed(rig, 2);
      if (from !== 'GB') await redirect(rig, order.id, from);
      const match = { order_id: order.id };
      await rig.fault({ service, operation, mode, times: 2, delay_ms: mode === 'late_effect' ? 700 : 2_000, match });
      await redirect(rig, order.id, to);
      expect(await balances(rig, order)).toEqual({ keptMinor, left: 2, reserved: 0 });
      expect((await rig.order(order.id)).shippingAddress.country).toBe(to);
    },
  );
});

describe.concurrent('a line that is raised at another price and lowered again goes through', () => {
  test.each(
    [...more.steps, ...less.steps].flatMap(([service, operation]) =>
      faults.map((mode) => ({ service, operation, mode })),
    ),
  )('when $service $operation meets $mode', async ({ service, operation, mode }) => {
    const order = await confirmed(rig, 2);
    const { stock } = await rig.stock(order.sku);
    await rig.sandbox.call('PUT', `/products/${order.sku}`, { name: 'T', price: '99.99', currency: 'EUR', stock });
    const match = { order_id: order.id };
    await rig.fault({ service, operation, mode, times: 2, delay_ms: mode === 'late_effect' ? 700 : 2_000, match });
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 5 });
    await rig.command(order.id, 'amendItems', { change: 'set', item_id: order.itemId, quantity: 3 });
    expect(await balances(rig, order)).toEqual({ keptMinor: 2_500 + 9_999, left: 3, reserved: 0 });
  });
});
