import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { sku, useFaultySandbox } from './fault-calls.ts';

const { sandbox, fault, charge, reserve, payments, faults } = useFaultySandbox();

describe('a mode does what it says', () => {
  test.each([
    ['down', 503],
    ['fail_before_effect', 500],
  ])('%s answers %i without an effect', async (mode, status) => {
    const order = randomUUID();
    await fault({ service: 'payment', operation: 'charge', mode, times: 1 });
    expect((await charge(order)).status).toBe(status);
    expect(await payments(order)).toEqual([]);
    expect((await charge(order)).status).toBe(201);
  });

  test('fail_after_effect answers 500 and has charged', async () => {
    const order = randomUUID();
    await fault({ service: 'payment', operation: 'charge', mode: 'fail_after_effect', times: 1 });
    expect((await charge(order)).status).toBe(500);
    expect(await payments(order)).toMatchObject([{ status: 'CAPTURED' }]);
    expect((await charge(order)).status).toBe(200);
  });

  test('timeout_after_effect charges and never answers; the connection is cut in the end', async () => {
    const [order, patient] = [randomUUID(), randomUUID()];
    await fault({ service: 'payment', operation: 'charge', mode: 'timeout_after_effect', match: { order_id: order } });
    await fault({ service: 'payment', operation: 'charge', mode: 'timeout_after_effect', delay_ms: 60 });
    await expect(charge(order, AbortSignal.timeout(300))).rejects.toThrow('timeout');
    await expect(charge(patient)).rejects.toThrow('fetch failed');
    expect(await payments(order)).toMatchObject([{ status: 'CAPTURED' }]);
    expect(await payments(patient)).toMatchObject([{ status: 'CAPTURED' }]);
  });

  test('late_effect answers 504 at once and charges later, when the request is long over', async () => {
    const order = randomUUID();
    await fault({ service: 'payment', operation: 'charge', mode: 'late_effect', delay_ms: 150, times: 1 });
    expect((await charge(order)).status).toBe(504);
    expect(await payments(order)).toEqual([]);
    await eventually(async () => (await payments(order)).length === 1);
  });

  test('late_effect finds the tombstone that was left meanwhile', async () => {
    const order = randomUUID();
    // Longer than a busy machine takes for the two calls that leave tombstones.
    const delayMs = 1_000;
    const before = (await sandbox.call('GET', `/products/${sku}`)).body.reserved;
    await fault({ service: 'inventory', operation: 'reserve', mode: 'late_effect', delay_ms: delayMs, times: 1 });
    await fault({ service: 'payment', operation: 'charge', mode: 'late_effect', delay_ms: delayMs, times: 1 });
    expect((await reserve(order)).status).toBe(504);
    expect((await charge(order)).status).toBe(504);
    await sandbox.call('DELETE', `/reservations/${order}`);
    await sandbox.call('POST', `/payments/order/${order}/void`, {});
    // Another late charge, of an order without a tombstone, tells when the first has landed.
    const marker = randomUUID();
    await fault({ service: 'payment', operation: 'charge', mode: 'late_effect', delay_ms: delayMs, times: 1 });
    await charge(marker);
    await eventually(async () => (await payments(marker)).length === 1);
    expect(await payments(order)).toEqual([]);
    expect((await sandbox.call('GET', `/reservations/${order}`)).body).toMatchObject({ status: 'RELEASED', items: [] });
    expect((await sandbox.call('GET', `/products/${sku}`)).body.reserved).toBe(before);
  });

  test('decline is a declined card for a charge, no stock for a reservation, an error for the rest', async () => {
    const order = randomUUID();
    await fault({ service: 'payment', operation: 'charge', mode: 'decline', times: 1 });
    await fault({ service: 'inventory', operation: '*', mode: 'decline', times: 2 });
    const declined = await charge(order);
    expect(declined.status).toBe(402);
    expect(await declined.json()).toMatchObject({ code: 'CARD_DECLINED', payment: { status: 'DECLINED' } });
    expect((await charge(order)).status).toBe(402);
    const refused = await reserve(order);
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'OUT_OF_STOCK', details: [{ sku, requested: 1, available: 0 }] },
    });
    expect((await sandbox.call('DELETE', `/reservations/${order}`)).status).toBe(500);
  });

  test('slow answers as usual after its delay', async () => {
    await fault({ service: 'customer', operation: 'get', mode: 'slow', delay_ms: 120 });
    const start = performance.now();
    const answer = await sandbox.call('GET', '/users/ann');
    expect([answer.status, answer.body.name]).toEqual([200, 'Ann']);
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  });
});

test('faults survive a restart of the sandbox with the hits that are left', async () => {
  const { id } = await fault({ service: 'payment', operation: 'charge', mode: 'down', times: 3 });
  await charge(randomUUID());
  await sandbox.restart();
  expect(await faults()).toMatchObject([{ id, times: 3, remaining: 2 }]);
  await Promise.all([charge(randomUUID()), charge(randomUUID())]);
  await sandbox.restart();
  expect(await faults()).toEqual([]);
});

test('faults are removed one by one or all together', async () => {
  const [first, second] = [
    await fault({ service: 'payment', operation: 'charge', mode: 'down' }),
    await fault({ service: 'inventory', operation: 'reserve', mode: 'down' }),
  ];
  expect((await sandbox.call('DELETE', `/faults/${first.id}`)).status).toBe(204);
  expect((await sandbox.call('DELETE', `/faults/${first.id}`)).status).toBe(404);
  expect(await faults()).toMatchObject([{ id: second.id }]);
  expect((await sandbox.call('DELETE', '/faults')).status).toBe(204);
  expect(await faults()).toEqual([]);
});

test.each([
  ['an unknown mode', { service: 'payment', operation: 'charge', mode: 'explode' }, '/mode', 'fail_before_effect'],
  ['an unknown service', { service: 'bank', operation: 'charge', mode: 'down' }, '/service', 'notification'],
  ['an unknown operation', { service: 'payment', operation: 'pay', mode: 'down' }, '/operation', 'refund'],
  ['an unknown field', { service: 'payment', operation: '*', mode: 'down', orders: 1 }, '', 'orders'],
])('%s is refused with what is allowed', async (_, body, path, named) => {
  const answer = await sandbox.call('POST', '/faults', body);
  expect([answer.status, answer.body.code, answer.body.details[0].path]).toEqual([400, 'VALIDATION', path]);
  expect(answer.body.details[0].message).toContain(named);
});
