import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;
beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_CAPTURE: 'confirm' });
  await rig.product('TEAPOT', 100);
});
afterAll(() => rig.stop());

const books = async (id: string) => {
  const { body } = await rig.sandbox.call('GET', `/payments/order/${id}`);
  return body.data.map((one: Record<string, unknown>) => [one['status'], one['captured_amount']]);
};

test('an order is authorised, captured once although the reply of the capture is lost, and refunded when it is cancelled', async () => {
  const fault = { service: 'payment', operation: 'capture', mode: 'fail_after_effect', times: 1 };
  await rig.sandbox.call('POST', '/faults', fault);
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.rests(id);
  expect(await books(id)).toEqual([['CAPTURED', '25.00']]);
  expect(await rig.ledger(id)).toMatchObject({ authorizePayment: 'DONE', capturePayment: 'DONE' });
  expect((await rig.order(id)).paymentStatus).toBe('CAPTURED');
  await rig.command(id, 'cancelOrder', {});
  await rig.reaches(id, 'CANCELLED');
  expect(await books(id)).toEqual([['REFUNDED', '25.00']]);
  expect((await rig.order(id)).paymentStatus).toBe('REFUNDED');
});

test('what is held for an order that is cancelled before the capture is released, and nothing is refunded', async () => {
  await rig.sandbox.call('POST', '/faults', { service: 'payment', operation: 'capture', mode: 'down' });
  const id = await rig.place();
  await expect.poll(() => books(id), { timeout: 20_000 }).toEqual([['AUTHORIZED', '0.00']]);
  await rig.command(id, 'cancelOrder', {});
  await rig.reaches(id, 'CANCELLED');
  await rig.sandbox.call('DELETE', '/faults');
  expect(await books(id)).toEqual([['VOIDED', '0.00']]);
  expect(await rig.order(id)).toMatchObject({ refundedMinor: 0, paymentStatus: 'FAILED' });
});
