import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, confirmed } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig();
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
