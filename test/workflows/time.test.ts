import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { startTimeSkipping, type TimeSkippingEngine } from '../setup/time-skipping.ts';

let rig: SagaRig;
let time: TimeSkippingEngine;

beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_RETRY_WINDOW: '15m', RETURN_WINDOW: '30d', REVIEW_MAX_TOTAL: '90' }, async () => {
    time = await startTimeSkipping();
    return time.temporal;
  });
  await rig.product('TEAPOT', 10);
});

afterAll(async () => {
  await rig.stop();
});

test('a declined order for which no other payment method comes in time is cancelled and its hold given back', async () => {
  const id = await rig.place({ paymentMethod: 'tok_declined' });
  await rig.reaches(id, 'PAYMENT_FAILED');
  await time.pass(14 * 60_000);
  expect((await rig.order(id)).status).toBe('PAYMENT_FAILED');

  await time.pass(2 * 60_000);

  expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ failure: { code: 'ORD003' }, sagaState: 'COMPENSATED' });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 10, reserved: 0 });
});

test('an order on which nobody decides in time is rejected, with nothing held or paid', async () => {
  const many = { id: uuidv7(), productId: 'p1', sku: 'TEAPOT', name: 'Teapot', unitPriceMinor: 1_250, quantity: 8 };
  const id = await rig.place({ items: [many] });
  await eventually(async () => expect((await rig.order(id)).sagaState).toBe('NEEDS_ATTENTION'));
  await rig.rests(id);
  await time.pass(23 * 3_600_000);
  expect((await rig.order(id)).status).toBe('PENDING');

  await time.pass(2 * 3_600_000);

  expect(await rig.reaches(id, 'CANCELLED')).toMatchObject({ failure: { code: 'ORD007' }, sagaState: 'COMPENSATED' });
  expect(await rig.money(id)).toEqual([]);
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 10, reserved: 0 });
});

test('a delivered order stays open for its return window and ends after it', async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  for (const status of ['PROCESSING', 'SHIPPED', 'DELIVERED'] as const)
    await rig.command(id, 'changeStatus', { status });
  await time.pass(29 * 86_400_000);
  expect((await rig.handle(id).describe()).status.name).toBe('RUNNING');

  await time.pass(2 * 86_400_000);

  await eventually(async () => expect((await rig.handle(id).describe()).status.name).toBe('COMPLETED'));
  expect((await rig.order(id)).status).toBe('DELIVERED');
});
