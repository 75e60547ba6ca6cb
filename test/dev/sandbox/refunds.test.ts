import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paymentCalls } from './payment-calls.ts';
import { startTestSandbox } from './sandbox.ts';
import type { TestSandbox } from './sandbox.ts';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());

const { charge, refund, voidOrder, payments } = paymentCalls(() => sandbox);

describe('refunding', () => {
  test('gives back in parts up to what was charged, never more, also in parallel', async () => {
    const order = randomUUID();
    const { id } = (await charge(order)).body;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) => refund(id, `${order}:refund:${n}`, '10.00')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(answers.filter(({ body }) => body.code === 'REFUND_EXCEEDS')).toHaveLength(6);
    expect((await payments(order))[0]).toMatchObject({ refunded_amount: '40.00', status: 'PARTIALLY_REFUNDED' });
    expect((await refund(id, `${order}:rest`)).body).toMatchObject({ refunded_amount: '42.00', status: 'REFUNDED' });
    expect((await refund(id, `${order}:nothing`)).status).toBe(200);
  });

  test('the same key gives back once and answers the same', async () => {
    const order = randomUUID();
    const { id } = (await charge(order)).body;
    const answers = await Promise.all(Array.from({ length: 8 }, () => refund(id, `${order}:refund`, '2.00')));
    await refund(id, `${order}:refund:2`, '3.00');
    answers.push(await refund(id, `${order}:refund`, '2.00'));
    for (const { status, body } of answers) expect([status, body.refunded_amount]).toEqual([200, '2.00']);
    expect((await payments(order))[0].refunded_amount).toBe('5.00');
    expect((await refund(id, `${order}:refund`, '4.00')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('a declined or unknown payment has nothing to give back', async () => {
    const declined = (await charge(randomUUID(), { payment_method: 'tok_declined' })).body.payment;
    expect((await refund(declined.id, randomUUID())).body.code).toBe('REFUND_EXCEEDS');
    expect((await refund(randomUUID(), randomUUID())).status).toBe(404);
    expect((await refund('nonsense', randomUUID())).status).toBe(404);
  });
});

describe('voiding', () => {
  test('before the charge it leaves a tombstone that the late charge honours', async () => {
    const order = randomUUID();
    expect((await voidOrder(order)).body).toEqual({ order_id: order, refunded: '0', currency: null, payments: [] });
    const late = await charge(order);
    expect([late.status, late.body.code]).toEqual([409, 'PAYMENT_VOIDED']);
    expect(await payments(order)).toEqual([]);
  });

  test('after the charge it refunds in full, once', async () => {
    const order = randomUUID();
    const { id } = (await charge(order)).body;
    await refund(id, `${order}:refund`, '2.00');
    const [first, again] = [await voidOrder(order), await voidOrder(order)];
    expect(first.body).toMatchObject({ order_id: order, refunded: '42.00', currency: 'EUR' });
    expect(first.body.payments).toHaveLength(1);
    expect(again.body).toEqual(first.body);
  });

  test('at the same moment as the charge no money stays taken, whichever comes first', async () => {
    const orders = Array.from({ length: 80 }, () => randomUUID());
    await Promise.all(
      orders.flatMap((order) => [charge(order), voidOrder(order), charge(order, {}, `${order}:charge:2`)]),
    );
    const taken = (await Promise.all(orders.map(payments))).flat();
    expect(taken.filter(({ status }) => status !== 'REFUNDED')).toEqual([]);
  });

  test('of one key leaves the others alone', async () => {
    const order = randomUUID();
    await charge(order);
    await charge(order, {}, `${order}:charge:2`);
    expect((await voidOrder(order, `${order}:charge:2`)).body.refunded).toBe('42.00');
    expect((await charge(order, {}, `${order}:charge:2`)).body.code).toBe('PAYMENT_VOIDED');
    expect((await payments(order)).map(({ status }: { status: string }) => status)).toEqual(['CAPTURED', 'REFUNDED']);
    expect((await charge(order, {}, `${order}:charge:3`)).status).toBe(201);
  });
});
