import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

const PER_SECOND = 4;
const ORDERS = 24;

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ STEPS_PER_SECOND: String(PER_SECOND) });
  await rig.product('TEAPOT', 1_000);
});
afterAll(() => rig.stop());

test('a fragile service gets no more retried steps a second than the setting says', async () => {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'fail_before_effect', times: ORDERS });

  const ids = await Promise.all(Array.from({ length: ORDERS }, () => rig.place()));
  for (const id of ids) await rig.reaches(id, 'CONFIRMED');

  const { rows } = await rig.database.pool.query<{ at: Date }>(
    'select created_at as at from sandbox.payments order by id',
  );
  expect(rows).toHaveLength(ORDERS);
  const seconds = (Number(rows.at(-1)?.at) - Number(rows[0]?.at)) / 1_000;
  // A queue may save up one second's worth, and a busy machine reads its clock late; without the limit all go through at once.
  expect(seconds).toBeGreaterThan(ORDERS / PER_SECOND - 3);
});
