import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paymentStatuses, type PaymentStatus } from '../../src/domain/payment-status.ts';
import { recordStepAttempt } from '../../src/repositories/saga-steps.ts';
import { openOrders, orderIn, recordOf } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

/** The statuses that an attempt may write over each payment status; all others are older. */
const news: readonly string[] = [
  // The payment service has accepted the charge and answers later.
  'QUEUED → PENDING',
  'UNKNOWN → PENDING',
  'ACTION_REQUIRED → PENDING',
  // The customer has to confirm it.
  'PENDING → ACTION_REQUIRED',
  'QUEUED → ACTION_REQUIRED',
  'UNKNOWN → ACTION_REQUIRED',
  'PENDING → QUEUED',
  'FAILED → QUEUED',
  'PENDING → UNKNOWN',
  'FAILED → UNKNOWN',
  'QUEUED → UNKNOWN',
  ...['PENDING', 'FAILED', 'QUEUED', 'UNKNOWN', 'ACTION_REQUIRED'].map((before) => `${before} → AUTHORIZED`),
  'AUTHORIZED → CAPTURED',
  'AUTHORIZED → REFUNDING',
  'PENDING → CAPTURED',
  'FAILED → CAPTURED',
  'QUEUED → CAPTURED',
  'UNKNOWN → CAPTURED',
  'ACTION_REQUIRED → CAPTURED',
  'PENDING → REFUNDING',
  'FAILED → REFUNDING',
  'QUEUED → REFUNDING',
  'UNKNOWN → REFUNDING',
  'ACTION_REQUIRED → REFUNDING',
  'CAPTURED → REFUNDING',
  'PARTIALLY_REFUNDED → REFUNDING',
];

describe.each(paymentStatuses)('while the payment is %s', (current) => {
  test('an attempt replaces it only by a status that is newer', async () => {
    for (const said of paymentStatuses) {
      const expected = news.includes(`${current} → ${said}`) ? said : current;
      expect({ said, shown: await paymentAfter(current, said, 'PENDING') }).toEqual({ said, shown: expected });
    }
  });

  test('an attempt after the cancellation changes nothing', async () => {
    for (const said of paymentStatuses) expect(await paymentAfter(current, said, 'CANCELLED')).toBe(current);
  });
});

async function paymentAfter(current: PaymentStatus, said: PaymentStatus, status: 'PENDING' | 'CANCELLED') {
  const { db } = orders;
  const id = await orderIn(db, status);
  await db.updateTable('orders').set({ payment_status: current }).where('id', '=', id).execute();
  await recordStepAttempt(db, {
    orderId: id,
    step: 'chargePayment',
    state: 'RUNNING',
    paymentStatus: said,
  });
  return (await recordOf(db, id)).order!.paymentStatus;
}
