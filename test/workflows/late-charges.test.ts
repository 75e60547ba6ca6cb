import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { settlePayment } from '../../src/orders/settle-payment.ts';
import type { PaymentWebhook } from '../../src/domain/payment-webhook.ts';
import { eventually } from '../setup/eventually.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';

let rig: SagaRig;

beforeAll(async () => {
  rig = await startSagaRig();
  await rig.product('TEAPOT', 1_000);
});
afterAll(() => rig.stop());

/** What the payment service says of a charge by itself, under a new id. */
function captured(orderId: string, key: string, amountMinor: number): PaymentWebhook {
  const charge = { orderId, idempotencyKey: `${orderId}:${key}`, amountMinor, currency: 'EUR' };
  return { ...charge, id: uuidv7(), outcome: 'captured', paymentId: 'late', declineCode: null };
}

const settle = (webhook: PaymentWebhook) => settlePayment({ ...rig.dependencies, commands: rig.commands }, webhook);

/** Makes the payment service take the money although it was told not to. */
const takeAllTheSame = (orderId: string, key: string, amount: number) =>
  rig.database.pool.query(
    `insert into sandbox.payments (id, order_id, idempotency_key, amount, currency, payment_method)
     values ($1, $2, $3, $4, 'EUR', 'tok_ok')`,
    [uuidv7(), orderId, `${orderId}:${key}`, amount],
  );

const effectOf = async ({ id }: PaymentWebhook) =>
  (await rig.db.selectFrom('payment_webhooks').select('effect').where('id', '=', id).executeTakeFirst())?.effect;

test('a charge that is reported while its order is being cancelled is refunded once the order is cancelled', async () => {
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'down' });
  const id = await rig.place();
  await eventually(async () => expect((await rig.order(id)).paymentStatus).toBe('QUEUED'));
  // The order is compensated and can't be written as cancelled: the stock can't be released for now.
  await rig.fault({ service: 'inventory', operation: 'release', mode: 'down' });
  const cancelling = rig.command(id, 'cancelOrder', {});
  await eventually(async () =>
    expect(await rig.ledgerRows(id)).toContainEqual(expect.objectContaining({ step: 'releaseInventoryIfReserved' })),
  );
  await takeAllTheSame(id, 'charge:1', 2_500);
  const webhook = captured(id, 'charge:1', 2_500);
  await settle(webhook);
  expect(await rig.order(id)).toMatchObject({ status: 'PENDING' });
  await rig.noFaults();

  expect(await cancelling).toMatchObject({ outcome: 'done', status: 'CANCELLED' });
  await eventually(async () => expect(await effectOf(webhook)).toBe('REFUNDED'));
  expect(await rig.money(id)).toEqual(['REFUNDED']);
  expect(await rig.order(id)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'REFUNDED', refundedMinor: 2_500 });
});

test("an amendment's charge whose reply is lost is settled by its webhook", async () => {
  const id = await rig.place();
  await rig.reaches(id, 'CONFIRMED');
  await rig.fault({ service: 'payment', operation: 'charge', mode: 'fail_after_effect', times: 1 });
  for (const operation of ['charge', 'lookup']) await rig.fault({ service: 'payment', operation, mode: 'down' });
  const amending = rig.command(id, 'amendItems', { change: 'add', sku: 'TEAPOT', quantity: 1 });
  await eventually(async () =>
    expect((await rig.ledgerRows(id)).find(({ step }) => step === 'chargeDifference')?.attempts).toBeGreaterThan(1),
  );
  expect(await settle(captured(id, 'charge:amend:1', 1_250))).toBe('SIGNALLED');
  expect(await amending).toMatchObject({ outcome: 'done' });
  await rig.noFaults();
  expect(await rig.order(id)).toMatchObject({ totalMinor: 3_750 });
  expect(await rig.money(id)).toEqual(['CAPTURED', 'CAPTURED']);
});
