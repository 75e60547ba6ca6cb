import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { order, startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const keyed = (key: string, prefer = 'wait=3') => ({ headers: { 'Idempotency-Key': key, Prefer: prefer } });

describe('the same idempotency key', () => {
  test('with the same body brings the same order and answer, in whatever order its fields stand', async () => {
    const first = await rig.place({}, keyed('same'));
    const reversed = Object.fromEntries(Object.entries(order).toReversed());
    const again = await rig.request('POST', '/api/v1/orders', { body: reversed, ...keyed('same') });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
  });

  test('with another body is refused', async () => {
    await rig.place({}, keyed('reused'));
    const { status, body } = await rig.place({ notes: 'other' }, keyed('reused'));
    expect(status).toBe(422);
    expect(body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  test('of another caller is another key', async () => {
    const alices = await rig.place({}, keyed('shared'));
    const bobs = await rig.place({}, { sub: 'bob', ...keyed('shared') });
    expect(bobs.status).toBe(201);
    expect(bobs.body.id).not.toBe(alices.body.id);
  });

  test('twenty times at once places one order', async () => {
    const before = await rig.orders();
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.place({}, keyed('parallel'))));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
    expect(await rig.orders()).toHaveLength(before.length + 1);
  });

  test.each([
    ['a declined payment', { payment_method: 'tok_declined' }, 402],
    ['out of stock', { items: [{ sku: 'GONE', quantity: 1 }] }, 409],
  ])('brings the same refusal for %s', async (name, body, status) => {
    const first = await rig.place(body, keyed(name));
    const again = await rig.place(body, keyed(name));
    expect([first.status, again.status]).toEqual([status, status]);
    expect(again.body).toMatchObject({
      code: first.body.code,
      details: first.body.details,
      order_id: first.body.order_id,
    });
  });

  test('still returns the order when catalogue and customer service are unavailable or have changed', async () => {
    const first = await rig.place({ items: [{ sku: 'PENNY', quantity: 2_000 }] }, keyed('later'));
    await rig.sandbox.call('POST', '/faults', { service: 'inventory', operation: '*', mode: 'down' });
    const again = await rig.place({ items: [{ sku: 'PENNY', quantity: 2_000 }] }, keyed('later'));
    await rig.sandbox.call('DELETE', '/faults');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.id).toBe(first.body.id);
  });

  test('still returns the order when the catalogue is slow', async () => {
    const first = await rig.place({}, keyed('patient'));
    await rig.sandbox.call('POST', '/faults', { service: 'inventory', operation: '*', mode: 'timeout_after_effect' });
    const again = await rig.place({}, keyed('patient'));
    const fresh = await rig.place({}, keyed('fresh'));
    await rig.sandbox.call('DELETE', '/faults');
    expect([first.status, again.status, fresh.status]).toEqual([201, 201, 503]);
    expect(again.body.id).toBe(first.body.id);
  });

  test('still returns the order when it would be refused today, and still refuses another body', async () => {
    const line = { items: [{ sku: 'MOODY', quantity: 1, unit_price: '30.00' }] };
    const price = (amount: string) =>
      rig.sandbox.call('PUT', '/products/MOODY', { name: 'Moody', price: amount, currency: 'EUR', stock: 5 });
    await price('30.00');
    const first = await rig.place(line, keyed('today'));
    await price('40.00');
    const answers = [
      await rig.place(line, keyed('today')),
      await rig.place({ ...line, notes: 'other' }, keyed('today')),
      await rig.place(line, keyed('tomorrow')),
    ];
    expect(first.status).toBe(201);
    expect(answers.map(({ status }) => status)).toEqual([201, 422, 409]);
    expect(answers.map(({ body }) => body.code ?? body.id)).toEqual([
      first.body.id,
      'IDEMPOTENCY_KEY_REUSED',
      'PRICE_CHANGED',
    ]);
  });

  test('stays a success when the order was cancelled after it was confirmed', async () => {
    const first = await rig.place({}, keyed('cancelled later'));
    await rig.request('DELETE', `/api/v1/orders/${first.body.id}`);
    const again = await rig.place({}, keyed('cancelled later'));
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({ id: first.body.id, status: 'CANCELLED' });
  });
});
