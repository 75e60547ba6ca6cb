import { afterAll, beforeAll, expect, test } from 'vitest';
import { order, startApiRig, type ApiRig, type RequestOptions } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
  await rig.sandbox.call('PUT', '/products/SCARCE', { name: 'Scarce', price: '20.00', currency: 'EUR', stock: 3 });
  const coupon = { kind: 'percent', value: '10', minimum_subtotal: '50.00' };
  await rig.request('PUT', '/api/v1/coupons/TEN', { as: 'admin', body: coupon });
});
afterAll(() => rig.stop());

const { payment_method: _method, ...unpaid } = order;
const quote = (body: object = {}, more: RequestOptions = {}) =>
  rig.request('POST', '/api/v1/orders/quote', { body: { ...unpaid, ...body }, ...more });
const item = (sku: string, quantity: number, more: object = {}) => ({ sku, quantity, ...more });

test('a quote is what placing the order comes to, and records nothing', async () => {
  const body = {
    items: [item('MUG', 3, { variant_id: 'blue' }), item('SCARCE', 1), item('TEA-001', 1)],
    coupon_code: 'ten',
    shipping_method: 'express',
  };
  const quoted = await quote(body);
  expect(quoted.status).toBe(200);
  expect(quoted.body).toMatchObject({ customer_id: 'alice', acceptable: true, refusals: [] });
  expect(await rig.orders()).toEqual([]);
  const { body: placed } = await rig.place(body);
  for (const field of ['subtotal', 'discount', 'tax', 'shipping', 'total', 'currency', 'shipping_method']) {
    expect([field, quoted.body[field]]).toEqual([field, placed[field]]);
  }
  for (const field of ['sku', 'product_id', 'variant_id', 'name', 'unit_price', 'quantity', 'total', 'discount']) {
    const of = ({ items }: { items: Record<string, unknown>[] }) => items.map((line) => line[field]);
    expect([field, of(quoted.body)]).toEqual([field, of(placed)]);
  }
  expect(quoted.body.items.map((line: { available: number }) => line.available)).toEqual([1_000_000, 3, 1_000_000]);
});

test('a quote names every reason for which the order would be refused, not only the first', async () => {
  const { status, body } = await quote(
    {
      customer_id: 'ivy',
      items: [item('MUG', 1, { unit_price: '9.00' }), item('NOPE', 1), item('SCARCE', 2), item('SCARCE', 2)],
      coupon_code: 'UNKNOWN',
    },
    { as: 'support' },
  );
  expect([status, body.acceptable, body.total]).toEqual([200, false, null]);
  expect(body.refusals).toMatchObject([
    { code: 'ORD001' },
    { code: 'VALIDATION', details: [{ pointer: '/coupon_code' }] },
    { code: 'VALIDATION', details: [{ pointer: '/items/1/sku' }] },
    { code: 'PRICE_CHANGED', details: [{ pointer: '/items/0/unit_price', current_price: '12.50' }] },
    { code: 'ORD002', details: [{ sku: 'SCARCE', requested: 4, available: 3 }] },
  ]);
  expect(body.items.map((line: { unit_price: string }) => line.unit_price)).toEqual(['12.50', null, '20.00', '20.00']);
});

test('a total below the least and a coupon that does not apply are told with the totals', async () => {
  const { body } = await quote({ items: [item('PENNY', 1)], coupon_code: 'TEN' });
  expect([body.acceptable, body.subtotal, body.discount, body.total]).toEqual([false, '0.01', '0.00', '0.01']);
  expect(body.refusals).toMatchObject([
    { code: 'VALIDATION', details: [{ pointer: '/coupon_code' }] },
    { code: 'VALIDATION', details: [{ pointer: '/items' }] },
  ]);
});

test.each([
  ['a customer for somebody else', { customer_id: 'bob' }, {}, 403],
  ['staff for nobody', {}, { as: 'support' }, 400],
  ['a request with a field that no order has', { colour: 'blue' }, {}, 400],
  ['a request without items', { items: [] }, {}, 400],
] as const)('no quote is made to %s', async (_, body, more, status) => {
  expect((await quote(body, more)).status).toBe(status);
});

test('while the catalogue is away there is no quote', async () => {
  await rig.sandbox.call('POST', '/faults', { service: 'inventory', operation: 'get', mode: 'down' });
  expect((await quote()).status).toBe(503);
  await rig.sandbox.call('DELETE', '/faults');
});
