import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderTransition } from '../../src/domain/order-transition.ts';
import { allowedAfter, canTransition, orderStatuses } from '../../src/domain/order-status.ts';
import { correctDecline, writeLedger } from '../../src/repositories/ledger.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { chargeOf, openOrders, orderIn, recordOf, someOrder, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

test('a transition writes the order, its history, event, ledger and transactions together', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const result = await transitionOrder(db, {
    ...transitionTo(id, 'CONFIRMED', { key: 'confirmed', actor: 'system:saga', reason: 'all well' }),
    sagaState: 'COMPLETED',
    paymentStatus: 'CAPTURED',
    paymentId: 'pay-1',
    reservationId: 'res-1',
    steps: [
      { step: 'reserveInventory', state: 'DONE', attempts: 1, startedAt: '2026-01-02T03:04:05.678Z' },
      { step: 'chargePayment', state: 'DONE', attempts: 3, lastError: 'SERVICE_UNREACHABLE: away' },
    ],
    transactions: [chargeOf(id)],
  });

  expect(result).toMatchObject({ applied: true, status: 'CONFIRMED', from: 'PENDING', booked: ['CAPTURED'] });
  const { order, history, steps, transactions, outbox } = await recordOf(db, id);
  expect(order).toMatchObject({
    status: 'CONFIRMED',
    version: 2,
    sagaState: 'COMPLETED',
    paymentStatus: 'CAPTURED',
    paymentId: 'pay-1',
    reservationId: 'res-1',
    confirmedAt: expect.any(Date),
    cancelledAt: null,
  });
  expect(history.at(-1)).toMatchObject({
    version: 2,
    from_status: 'PENDING',
    to_status: 'CONFIRMED',
    actor: 'system:saga',
    reason: 'all well',
  });
  expect(steps).toMatchObject([
    { step: 'reserveInventory', state: 'DONE', attempts: 1, started_at: new Date('2026-01-02T03:04:05.678Z') },
    {
      step: 'chargePayment',
      state: 'DONE',
      attempts: 3,
      last_error: 'SERVICE_UNREACHABLE: away',
      actor: 'system:saga',
    },
  ]);
  expect(transactions).toMatchObject([
    { kind: 'CHARGE', status: 'CAPTURED', amount_minor: 2_500, payment_id: 'pay-1' },
  ]);
  expect(outbox.at(-1)).toMatchObject({
    type: 'order.confirmed',
    payload: { order_id: id, from: 'PENDING', status: 'CONFIRMED', version: 2, payment_id: 'pay-1' },
  });
  expect(outbox.at(-2)).toMatchObject({
    type: 'payment.processed',
    payload: { order_id: id, status: 'PENDING', version: 1, amount: '25.00', payment_method: 'tok_***ok' },
  });
});

test('what a transition does not set stays as it is', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const known = {
    paymentStatus: 'CAPTURED',
    paymentId: 'pay-1',
    reservationId: 'res-1',
    paymentMethod: 'tok_other',
  } as const;
  await transitionOrder(db, transitionTo(id, 'CONFIRMED', known));
  await transitionOrder(db, transitionTo(id, 'PROCESSING'));
  expect((await recordOf(db, id)).order).toMatchObject(known);
});

describe.each(orderStatuses)('from %s', (from) => {
  test('every allowed transition is applied once, and its milestone kept', async () => {
    for (const to of allowedAfter(from)) {
      const id = await orderIn(orders.db, from);
      expect(await transitionOrder(orders.db, transitionTo(id, to))).toMatchObject({ applied: true, status: to });
      const { order, history } = await recordOf(orders.db, id);
      expect(order).toMatchObject({ status: to });
      expect(history.at(-1)).toMatchObject({ from_status: from, to_status: to, version: order!.version });
    }
  });

  test('every other transition is refused and leaves no trace', async () => {
    const id = await orderIn(orders.db, from);
    const before = await recordOf(orders.db, id);
    for (const to of orderStatuses.filter((status) => !canTransition(from, status))) {
      const late = transitionTo(id, to, {
        key: `late:${to}`,
        paymentStatus: 'UNKNOWN',
        steps: [{ step: 'notifyCustomer', state: 'DONE', attempts: 1 }],
        transactions: [chargeOf(id)],
      });
      expect(await transitionOrder(orders.db, late)).toMatchObject({ applied: false, status: from });
    }
    expect(await recordOf(orders.db, id)).toEqual(before);
  });
});

test('a repeat with the same key changes nothing, even where the table would allow it again', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const failed = transitionTo(id, 'PAYMENT_FAILED', { key: 'payment-failed:1' });
  await transitionOrder(db, failed);
  await transitionOrder(db, transitionTo(id, 'PENDING', { key: 'retried:1' }));
  const before = await recordOf(db, id);
  expect(await transitionOrder(db, failed)).toMatchObject({ applied: false, status: 'PENDING' });
  expect(await recordOf(db, id)).toEqual(before);
  expect(await transitionOrder(db, { ...failed, key: 'payment-failed:2' })).toMatchObject({ applied: true });
});

test('a late write returns the status that the order has, and regresses nothing', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'SHIPPED');
  for (const to of ['CONFIRMED', 'PROCESSING', 'CANCELLED', 'PENDING'] as const) {
    expect(await transitionOrder(db, transitionTo(id, to))).toMatchObject({ applied: false, status: 'SHIPPED' });
  }
});

test('a transition that fails in one of its parts writes none of them', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  const before = await recordOf(db, id);
  const defects: Partial<OrderTransition>[] = [
    { transactions: [{ ...chargeOf(id), amountMinor: -1 }] },
    { steps: [{ step: 'chargePayment', state: 'NOWHERE' as 'DONE', attempts: 1 }] },
    { refundedMinor: -1 },
    { paymentRetryUntil: 'whenever' },
  ];
  for (const defect of defects) {
    await expect(transitionOrder(db, transitionTo(id, 'CONFIRMED', defect))).rejects.toThrow();
    expect(await recordOf(db, id)).toEqual(before);
  }
});

test('a transaction that is on record already is not written twice', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'PENDING');
  await transitionOrder(db, transitionTo(id, 'CONFIRMED', { transactions: [chargeOf(id)] }));
  await transitionOrder(db, transitionTo(id, 'CANCELLED', { transactions: [{ ...chargeOf(id), amountMinor: 1 }] }));
  const { transactions, outbox } = await recordOf(db, id);
  expect(transactions).toMatchObject([{ amount_minor: 2_500 }]);
  expect(outbox.filter(({ type }) => type === 'payment.processed')).toHaveLength(1);
});

test('charges and refunds are told of once each, in their sequence, and one that was declined and then found captured again', async () => {
  const { db } = orders;
  const id = await orderIn(db, 'CONFIRMED');
  const declined = { ...chargeOf(id), status: 'DECLINED', paymentId: undefined, declineCode: 'EXPIRED_CARD' } as const;
  const refund = { ...chargeOf(id), idempotencyKey: `${id}:refund`, kind: 'REFUND', status: 'REFUNDED' } as const;
  const byHand = { ...refund, idempotencyKey: `${id}:by-hand`, provider: 'EXTERNAL', amountMinor: 50 } as const;
  await writeLedger(db, id, [], [declined]);
  await writeLedger(db, id, [], [declined, refund, byHand]);
  await correctDecline(db, id, { ...chargeOf(id), status: 'CAPTURED' });
  await correctDecline(db, id, { ...chargeOf(id), status: 'CAPTURED' });
  const told = (await recordOf(db, id)).outbox.filter(({ type }) => type.startsWith('payment.'));
  expect(told.map(({ type, payload }) => [type, payload['amount'], payload['provider'], payload['version']])).toEqual([
    ['payment.failed', '25.00', 'PAYMENT_SERVICE', 2],
    ['payment.refunded', '25.00', 'PAYMENT_SERVICE', 2],
    ['payment.refunded', '0.50', 'EXTERNAL', 2],
    ['payment.processed', '25.00', 'PAYMENT_SERVICE', 2],
  ]);
  expect(told[0]?.payload).toMatchObject({ failure_code: 'EXPIRED_CARD', payment_method: 'tok_***ok' });
});

test('a transition of an unknown order fails', async () => {
  await expect(transitionOrder(orders.db, transitionTo(someOrder().id, 'CONFIRMED'))).rejects.toThrow('no order');
});
