import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

const PER_ORDER = 4;
let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig({ PAYMENT_DECLINES_PER_ORDER: String(PER_ORDER) });
  await rig.product('TEAPOT', 100);
});
afterAll(() => rig.stop());

test('of many declined cards sent to the workflow itself only so many reach the payment service, and the order stays payable', async () => {
  const id = await rig.place({ paymentMethod: 'tok_declined' });
  await rig.reaches(id, 'PAYMENT_FAILED');
  for (let n = 0; n < 2 * PER_ORDER; n += 1) {
    await rig.command(id, 'retryPayment', { payment_method: n % 2 ? 'tok_insufficient_funds' : 'tok_declined' });
    await rig.reaches(id, 'PAYMENT_FAILED');
  }
  expect(await rig.money(id)).toEqual(Array.from({ length: PER_ORDER }, () => 'DECLINED'));
  const order = await rig.order(id);
  expect(order.failure).toMatchObject({ code: 'ORD003', details: [{ decline_code: 'TOO_MANY_DECLINES' }] });

  // Once the window is over, the next card is charged.
  await rig.database.pool.query(
    `update order_payment_transactions set at = at - interval '1 hour' where order_id = $1`,
    [id],
  );
  await rig.command(id, 'retryPayment', { payment_method: 'tok_ok' });
  await rig.reaches(id, 'CONFIRMED');
  expect((await rig.money(id)).filter((status) => status === 'CAPTURED')).toHaveLength(1);
});
