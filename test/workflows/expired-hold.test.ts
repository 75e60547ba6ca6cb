import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ RESERVATION_TTL: '1s', AMEND_WINDOW: '0' });
});

beforeEach(async () => {
  await rig.noFaults();
  await rig.product('TEAPOT', 2);
});

afterAll(async () => {
  await rig.stop();
});

/** An order whose payment takes so long that its hold expires. */
async function outlivesItsHold(): Promise<string> {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => {
    const { body } = await rig.sandbox.call('GET', `/reservations/${id}`);
    return body.status === 'EXPIRED';
  });
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 2, reserved: 0 });
  return id;
}

test('a payment that lands after its hold expired takes the goods anew', async () => {
  const id = await outlivesItsHold();
  await rig.noFaults();

  await rig.reaches(id, 'CONFIRMED');
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 0, reserved: 0 });
  expect(await rig.money(id)).toEqual(['CAPTURED']);
});

test('a payment that lands after its hold expired is given back when others have bought the goods', async () => {
  const late = await outlivesItsHold();
  const { id: quick } = await rig.accept();
  const items = [{ sku: 'TEAPOT', quantity: 2 }];
  await rig.sandbox.call('POST', '/reservations', { order_id: quick, items, expires_in_seconds: 60 });
  await rig.noFaults();

  const order = await rig.reaches(late, 'CANCELLED');
  expect(order).toMatchObject({ paymentStatus: 'REFUNDED', failure: { code: 'ORD002' } });
  expect(await rig.money(late)).toEqual(['REFUNDED']);
  expect(await rig.stock('TEAPOT')).toEqual({ stock: 2, reserved: 2 });
});
