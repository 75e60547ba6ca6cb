import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { address, startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({
    settings: { TAX_RATES: 'GB=20,DE=19,US=8.875', SHIPPING_RATES: 'standard=0,express=9.90,pickup=0' },
  });
  const day = 86_400_000;
  const coupons: Record<string, object> = {
    SAVE10: { kind: 'percent', value: '10' },
    SAVE10OFTEN: { kind: 'percent', value: '10', once_per_customer: false },
    HALFCENT: { kind: 'percent', value: '0.02', once_per_customer: false },
    FIVE: { kind: 'fixed', value: '5.00', currency: 'EUR', once_per_customer: false },
    ALL: { kind: 'fixed', value: '500.00', currency: 'EUR', once_per_customer: false },
    DOLLARS: { kind: 'fixed', value: '5.00', currency: 'USD' },
    BIG: { kind: 'percent', value: '10', minimum_subtotal: '25.01' },
    JUST: { kind: 'percent', value: '10', minimum_subtotal: '25.00' },
    LATER: { kind: 'percent', value: '10', valid_from: new Date(Date.now() + day).toISOString() },
    OVER: { kind: 'percent', value: '10', valid_until: new Date(Date.now() - day).toISOString() },
    NOW: {
      kind: 'percent',
      value: '10',
      valid_from: new Date(Date.now() - day).toISOString(),
      valid_until: new Date(Date.now() + day).toISOString(),
    },
    OFF: { kind: 'percent', value: '10', active: false },
    LAST: { kind: 'percent', value: '10', max_uses: 1 },
    ONCE: { kind: 'percent', value: '10' },
    CROWD: { kind: 'percent', value: '10' },
    TWINS: { kind: 'percent', value: '10' },
    BACK: { kind: 'percent', value: '10', max_uses: 1 },
  };
  for (const [code, body] of Object.entries(coupons)) {
    await rig.request('PUT', `/api/v1/coupons/${code}`, { as: 'admin', body });
  }
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.commands.mode = 'up';
});

/** An order is shipped to where there is no tax unless it says otherwise. */
const untaxed = { shipping_address: { ...address, country: 'FR' } };
const place = (body: object, more: object = {}) => rig.place({ ...untaxed, ...body }, more);
const usesOf = async (code: string) =>
  (await rig.request('GET', `/api/v1/coupons/${code}`, { as: 'support' })).body.uses as number;

describe('an order comes to', () => {
  test.each([
    ['the subtotal alone, shipped as standard', {}, ['25.00', '0.00', '0.00', '0.00', '25.00']],
    ['shipping more by express', { shipping_method: 'express' }, ['25.00', '0.00', '0.00', '9.90', '34.90']],
    ['no more when it is picked up', { shipping_method: 'pickup' }, ['25.00', '0.00', '0.00', '0.00', '25.00']],
    [
      'yen without decimals, shipping rounded half up',
      { currency: 'JPY', items: [{ sku: 'NOODLES', quantity: 3 }], shipping_method: 'express' },
      ['30', '0', '0', '10', '40'],
    ],
    ['10 % less', { coupon_code: 'save10often' }, ['25.00', '2.50', '0.00', '0.00', '22.50']],
    ['an amount less', { coupon_code: 'FIVE' }, ['25.00', '5.00', '0.00', '0.00', '20.00']],
    ['less from the minimum on', { coupon_code: 'JUST' }, ['25.00', '2.50', '0.00', '0.00', '22.50']],
    ['less while the coupon is valid', { coupon_code: 'NOW' }, ['25.00', '2.50', '0.00', '0.00', '22.50']],
    ['half a cent less, rounded up', { coupon_code: 'HALFCENT' }, ['25.00', '0.01', '0.00', '0.00', '24.99']],
    [
      'tax of its country on what is left, shipping untaxed',
      { shipping_address: address, coupon_code: 'FIVE', shipping_method: 'express' },
      ['25.00', '5.00', '4.00', '9.90', '33.90'],
    ],
    [
      'tax of 8.875 %, rounded half up once',
      { shipping_address: { ...address, country: 'US' } },
      ['25.00', '0.00', '2.22', '0.00', '27.22'],
    ],
  ])('%s', async (_, body, [subtotal, discount, tax, shipping, total]) => {
    const { status, body: order } = await place(body);
    expect(status).toBe(201);
    expect(order).toMatchObject({ subtotal, discount, tax, shipping, total });
    const expected = { shipping_method: 'standard', coupon_code: null, ...body };
    expect(order.shipping_method).toBe(expected.shipping_method);
    expect(order.coupon_code).toBe(expected.coupon_code?.toUpperCase() ?? null);
    expect((await rig.request('GET', `/api/v1/orders/${order.id}`)).body).toMatchObject({ discount, tax, total });
  });

  test.each([
    ['CLF', '1.0000', '10.0000'],
    ['KWD', '5.000', '10.000'],
    ['VND', '5', '10'],
  ])('as much in %s, with its decimals', async (currency, price, total) => {
    const quantity = Number(total) / Number(price);
    const items = [{ sku: 'MUG', quantity, unit_price: price }];
    const { status, body } = await place({ currency, items, customer_id: 'alice' }, { as: 'service', sub: 'shop' });
    expect([status, body.total]).toEqual([201, total]);
  });
});

describe('a coupon that does not apply is refused, says why and records nothing:', () => {
  test.each([
    ['unknown', 'NOSUCH', /unknown/],
    ['no code at all', 'a b', /letters/],
    ['switched off', 'OFF', /not active/],
    ['not yet valid', 'LATER', /not valid before/],
    ['expired', 'OVER', /expired/],
    ['in another currency', 'DOLLARS', /USD/],
    ['below its minimum', 'BIG', /25\.01/],
  ])('%s', async (_, code, reason) => {
    const before = await rig.orders();
    const { status, body } = await place({ coupon_code: code }, { headers: { 'Idempotency-Key': `refused ${code}` } });
    expect([status, body.code]).toEqual([400, 'VALIDATION']);
    expect(body.details).toEqual([{ pointer: '/coupon_code', message: expect.stringMatching(reason) }]);
    expect(await rig.orders()).toHaveLength(before.length);
    // Nothing is held against the key either.
    expect((await place({}, { headers: { 'Idempotency-Key': `refused ${code}` } })).status).toBe(201);
  });

  test('used by this customer, while another one may still use it', async () => {
    expect((await place({ coupon_code: 'ONCE' })).status).toBe(201);
    const again = await place({ coupon_code: 'once' });
    expect(again.status).toBe(400);
    expect(again.body.details).toEqual([{ pointer: '/coupon_code', message: expect.stringMatching(/already used/) }]);
    expect((await place({ coupon_code: 'ONCE' }, { sub: 'bob' })).status).toBe(201);
  });

  test('used up', async () => {
    expect((await place({ coupon_code: 'LAST' }, { sub: 'bob' })).status).toBe(201);
    const late = await place({ coupon_code: 'LAST' });
    expect(late.status).toBe(400);
    expect(late.body.details).toEqual([{ pointer: '/coupon_code', message: expect.stringMatching(/used up/) }]);
  });

  test('used 200 times at once by one customer: one order has it, the others are refused', async () => {
    const before = (await rig.orders()).length;
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => place({ coupon_code: 'CROWD' }, { headers: { Prefer: 'wait=20' } })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 400)).toHaveLength(199);
    expect(await rig.orders()).toHaveLength(before + 1);
    expect(await usesOf('CROWD')).toBe(1);
  });
});

test('a request with a coupon for once that is sent many times at once brings its one order every time', async () => {
  const twins = { headers: { 'Idempotency-Key': 'twins', Prefer: 'wait=20' } };
  const answers = await Promise.all(Array.from({ length: 40 }, () => place({ coupon_code: 'TWINS' }, twins)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  const later = await place({ coupon_code: 'TWINS' }, twins);
  expect([later.status, later.body.id]).toEqual([201, answers[0]!.body.id]);
  expect(await usesOf('TWINS')).toBe(1);
});

test('a cancelled order gives its coupon back, to be used again', async () => {
  const first = await place({ coupon_code: 'BACK' });
  expect((await place({ coupon_code: 'BACK' })).status).toBe(400);
  expect((await rig.request('DELETE', `/api/v1/orders/${first.body.id}`)).body.status).toBe('CANCELLED');
  expect(await usesOf('BACK')).toBe(0);
  expect((await place({ coupon_code: 'BACK' })).status).toBe(201);
});

test('an order that fails for want of stock gives its coupon back', async () => {
  const gone = await place({ coupon_code: 'SAVE10', items: [{ sku: 'GONE', quantity: 2 }] });
  expect([gone.status, gone.body.code]).toEqual([409, 'ORD002']);
  expect((await place({ coupon_code: 'SAVE10' })).status).toBe(201);
});

test('the least total holds for what is to be paid, with discount, tax and shipping', async () => {
  const mug = { items: [{ sku: 'MUG', quantity: 1 }] };
  const discounted = await place({ ...mug, coupon_code: 'FIVE' });
  expect(discounted.status).toBe(400);
  expect(discounted.body.details).toEqual([{ pointer: '/items', message: expect.stringContaining('7.50 EUR') }]);
  expect((await place({ ...mug, coupon_code: 'FIVE', shipping_method: 'express' })).body.total).toBe('17.40');
  expect((await place({ ...mug, coupon_code: 'ALL' })).status).toBe(400);
});

test('an unknown shipping method is refused with those that there are', async () => {
  const { status, body } = await place({ shipping_method: 'drone' });
  expect([status, body.code]).toEqual([400, 'VALIDATION']);
  expect(body.details).toEqual([{ pointer: '/shipping_method', message: 'must be one of standard, express, pickup' }]);
});

test('an order keeps the terms of its coupon and its tax rate, whatever becomes of them', async () => {
  const { body: order } = await place({ coupon_code: 'JUST', shipping_address: address }, { sub: 'bob' });
  await rig.request('PUT', '/api/v1/coupons/JUST', { as: 'admin', body: { kind: 'percent', value: '99' } });
  const row = (await rig.orders()).find(({ id }) => id === order.id);
  expect(row).toMatchObject({
    coupon_code: 'JUST',
    coupon_terms: { kind: 'percent', rate: 10_000, minSubtotalMinor: 2_500 },
    tax_rate: 20_000,
  });
});
