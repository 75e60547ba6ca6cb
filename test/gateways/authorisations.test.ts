import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Gateways } from '../../src/gateways/index.ts';
import { startTestSandbox, type TestSandbox } from '../dev/sandbox/sandbox.ts';
import { eventually } from '../setup/eventually.ts';
import { errorOf, gatewaysTo, someCapture, someCharge } from './calls.ts';

let sandbox: TestSandbox;
let payment: Gateways['payment'];

beforeAll(async () => {
  sandbox = await startTestSandbox();
  payment = gatewaysTo(sandbox.url).payment;
});
afterEach(() => sandbox.call('DELETE', '/faults'));
afterAll(() => sandbox.stop());

/** Authorises EUR 25.00, and answers what the service calls it. */
async function authorize(orderId: string, more: Parameters<typeof someCharge>[1] = {}): Promise<string> {
  const held = await payment.authorize(someCharge(orderId, more));
  if (held.outcome !== 'authorized') throw new Error(`not authorised: ${held.outcome}`);
  return held.paymentId;
}

async function books(orderId: string): Promise<unknown[]> {
  const { data } = (await sandbox.call('GET', `/payments/order/${orderId}`)).body;
  return data.map((one: Record<string, unknown>) => [one['status'], one['captured_amount'], one['refunded_amount']]);
}

describe('an authorisation', () => {
  test('holds the money once per key, takes nothing, and is found with its end', async () => {
    const orderId = randomUUID();
    const ids = await Promise.all(Array.from({ length: 6 }, () => authorize(orderId)));
    expect(new Set(ids).size).toBe(1);
    const found = await payment.findCharge(`${orderId}:charge:1`);
    expect(found).toEqual({ outcome: 'authorized', paymentId: ids[0], expiresAt: expect.any(String) });
    expect(await books(orderId)).toEqual([['AUTHORIZED', '0.00', '0.00']]);
  });

  test('is captured in parts to the last cent, each part once per key, never more, also in parallel', async () => {
    const orderId = randomUUID();
    const paymentId = await authorize(orderId);
    const part = (n: number, amountMinor: number) =>
      payment.capture(
        someCapture(orderId, paymentId, { idempotencyKey: `${orderId}:capture:${n}`, amountMinor, isFinal: false }),
      );
    const twice = await Promise.all([part(1, 1_000), part(1, 1_000)]);
    expect(twice).toEqual([{ paymentId }, { paymentId }]);
    const others = await Promise.allSettled([2, 3, 4].map((n) => part(n, 1_000)));
    expect(others.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await books(orderId)).toEqual([['PARTIALLY_CAPTURED', '20.00', '0.00']]);
    await part(5, 500);
    expect(await books(orderId)).toEqual([['CAPTURED', '25.00', '0.00']]);
    expect(await errorOf(part(6, 1))).toMatchObject({ kind: 'refused', code: 'CAPTURE_EXCEEDS' });
  });

  test('is captured once when the reply is lost, and the capture is found by its key', async () => {
    const orderId = randomUUID();
    const paymentId = await authorize(orderId);
    const key = `${orderId}:capture:1`;
    expect(await payment.findCapture(key)).toBeUndefined();
    await sandbox.call('POST', '/faults', {
      service: 'payment',
      operation: 'capture',
      mode: 'fail_after_effect',
      times: 1,
    });
    expect(await errorOf(payment.capture(someCapture(orderId, paymentId)))).toMatchObject({ kind: 'unknown' });
    expect(await payment.findCapture(key)).toEqual({ paymentId });
    expect(await payment.capture(someCapture(orderId, paymentId))).toEqual({ paymentId });
    expect(await books(orderId)).toEqual([['CAPTURED', '25.00', '0.00']]);
  });

  test('that has expired holds nothing', async () => {
    const orderId = randomUUID();
    const paymentId = await authorize(orderId, { paymentMethod: 'tok_expires_0s' });
    await eventually(async () => {
      expect((await sandbox.call('GET', `/payments/${paymentId}`)).body.status).toBe('EXPIRED');
    });
    const captured = payment.capture(someCapture(orderId, paymentId));
    expect(await errorOf(captured)).toMatchObject({ kind: 'refused', code: 'AUTHORIZATION_EXPIRED' });
  });

  test('is released by a void, which refunds nothing, and takes no late capture', async () => {
    const orderId = randomUUID();
    const paymentId = await authorize(orderId);
    expect(await payment.voidOrder(orderId, 'EUR')).toBe(0);
    expect(await books(orderId)).toEqual([['VOIDED', '0.00', '0.00']]);
    const late = payment.capture(someCapture(orderId, paymentId));
    expect(await errorOf(late)).toMatchObject({ kind: 'refused', code: 'PAYMENT_VOIDED' });
    const again = payment.authorize(someCharge(orderId, { idempotencyKey: `${orderId}:charge:2` }));
    expect(await errorOf(again)).toMatchObject({ kind: 'refused', code: 'PAYMENT_VOIDED' });
  });

  test('and its capture, made at the same moment as a void, leave nothing with the shop', async () => {
    const orders = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(
      orders.map(async (orderId) => {
        const paymentId = await authorize(orderId);
        const captured = payment.capture(someCapture(orderId, paymentId)).catch(() => undefined);
        await Promise.all([captured, payment.voidOrder(orderId, 'EUR')]);
        const [[status, taken, refunded] = []] = (await books(orderId)) as string[][];
        expect([status, taken]).toEqual(taken === '0.00' ? ['VOIDED', '0.00'] : ['REFUNDED', '25.00']);
        expect(refunded).toBe(taken);
      }),
    );
  });
});

test('a refund draws from the payments that it names in their order', async () => {
  const orderId = randomUUID();
  const first = await payment.charge(someCharge(orderId));
  const second = await payment.charge(someCharge(orderId, { idempotencyKey: `${orderId}:charge:2` }));
  const charges = [second, first].map((charge) => ({
    idempotencyKey: 'any',
    paymentId: charge.outcome === 'captured' ? charge.paymentId : '',
    capturedMinor: 2_500,
  }));
  const refund = { orderId, idempotencyKey: `${orderId}:refund:1`, amountMinor: 3_000, currency: 'EUR', charges };
  await payment.refund(refund);
  const { data } = (await sandbox.call('GET', `/payments/order/${orderId}`)).body;
  expect(data.map((one: Record<string, unknown>) => one['refunded_amount'])).toEqual(['5.00', '25.00']);
});
