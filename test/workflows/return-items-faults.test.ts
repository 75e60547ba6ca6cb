import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { balances, delivered } from './later-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig();
});
afterAll(() => rig.stop());

const giveBack = ({ id, itemId }: { id: string; itemId: string }, quantity: number, commandId = uuidv7()) =>
  rig.command(id, 'returnItems', { items: [{ item_id: itemId, quantity }], command_id: commandId } as never);

const faults = ['fail_before_effect', 'fail_after_effect', 'timeout_after_effect', 'late_effect', 'down'] as const;
const steps = [
  ['inventory', 'release'],
  ['payment', 'refund'],
] as const;

// Each has an order and goods of its own, and mostly waits for limits to run out.
describe.concurrent('a return goes through', () => {
  test.each(steps.flatMap(([service, operation]) => faults.map((mode) => ({ service, operation, mode }))))(
    'when $service $operation meets $mode',
    async ({ service, operation, mode }) => {
      const order = await delivered(rig, 2);
      const match = { order_id: order.id };
      await rig.fault({ service, operation, mode, times: 2, delay_ms: mode === 'late_effect' ? 700 : 2_000, match });
      await giveBack(order, 1);
      expect(await balances(rig, order)).toEqual({ keptMinor: 1_250, left: 1, reserved: 0 });
    },
  );
});
