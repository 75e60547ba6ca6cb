import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({ settings: { ORDER_WAIT: '3s' } });
});
afterAll(() => rig.stop());
beforeEach(() => {
  rig.commands.mode = 'up';
});

describe('an order', () => {
  test('that goes through is answered with 201 and all that is known of it', async () => {
    const { status, headers, body } = await rig.place({ notes: 'ring twice', metadata: { channel: 'shop' } });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/api/v1/orders/${body.id}`);
    expect(headers.get('etag')).toBe(`"${body.version}"`);
    expect(body).toMatchObject({
      customer_id: 'alice',
      status: 'CONFIRMED',
      payment_status: 'CAPTURED',
      subtotal: '25.00',
      total: '25.00',
      payment_method: 'tok_***ok',
      notes: 'ring twice',
      metadata: { channel: 'shop' },
      billing_address: null,
      items: [{ sku: 'MUG', name: 'MUG', unit_price: '12.50', quantity: 2, total: '25.00' }],
    });
    expect(body.order_number).toMatch(/^ORD-\d{8}$/);
    expect(body.confirmed_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('whose outcome takes longer than the wait is answered with 202 and found at once', async () => {
    rig.commands.mode = 'silent';
    const placed = await rig.place({}, { headers: { Prefer: 'wait=0' } });
    expect(placed.status).toBe(202);
    expect(placed.body.status).toBe('PENDING');
    const { status, body } = await rig.request('GET', placed.headers.get('location') ?? '');
    expect(status).toBe(200);
    expect(body).toEqual(placed.body);
  });

  test('is accepted while Temporal is unavailable', async () => {
    rig.commands.mode = 'down';
    const { status, body } = await rig.place({}, { headers: { Prefer: 'respond-async' } });
    expect(status).toBe(202);
    expect(body.status).toBe('PENDING');
  });

  test('is answered at once when the client prefers that, and says so', async () => {
    const { status, headers } = await rig.place({}, { headers: { Prefer: 'respond-async' } });
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBe('respond-async');
  });

  test('that is out of stock is a 409 that says what there is, with the id of the order', async () => {
    const { status, body } = await rig.place({ items: [{ sku: 'GONE', quantity: 3 }] });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'ORD002', details: [{ sku: 'GONE', requested: 3, available: 0 }] });
    expect((await rig.request('GET', `/api/v1/orders/${body.order_id}`)).body.status).toBe('CANCELLED');
  });

  test('whose payment is declined is a 402 that says how and until when to retry', async () => {
    const { status, body } = await rig.place({ payment_method: 'tok_declined' });
    expect(status).toBe(402);
    expect(body.code).toBe('ORD003');
    expect(body.detail).toContain(`POST /api/v1/orders/${body.order_id}/payment until 2030-01-01T00:00:00.000Z`);
    expect(body.details).toContainEqual({ payment_retry_until: '2030-01-01T00:00:00.000Z' });
  });

  test('that is paid with several methods shows each, masked and in order of use', async () => {
    const methods = [
      { method: 'tok_gift', amount: '10' },
      { method: 'tok_ok', amount: '15.00' },
    ];
    const { status, body } = await rig.place({ payment_method: undefined, payment_methods: methods });
    expect([status, body.payment_method]).toEqual([201, 'tok_***ok']);
    const shown = [
      { method: 'tok_***ft', amount: '10.00' },
      { method: 'tok_***ok', amount: '15.00' },
    ];
    expect(body.payment_methods).toEqual(shown);
    expect((await rig.request('GET', `/api/v1/orders/${body.id}`)).body.payment_methods).toEqual(shown);
  });

  test('takes a product by its id, and one product on several lines', async () => {
    const { body: mug } = await rig.sandbox.call('GET', '/products/MUG');
    const items = [
      { product_id: mug.id, quantity: 1 },
      { sku: 'MUG', quantity: 1, unit_price: '12.5' },
    ];
    const { status, body } = await rig.place({ items, billing_address: {} });
    expect(status).toBe(201);
    expect(body.items).toMatchObject([{ sku: 'MUG' }, { sku: 'MUG' }]);
    expect(body.total).toBe('25.00');
  });

  test('in a currency without decimals has none, and a least total of ten units', async () => {
    const yen = { currency: 'JPY', items: [{ sku: 'NOODLES', quantity: 1 }] };
    expect((await rig.place(yen)).body.total).toBe('10');
  });
});

describe('prices', () => {
  const dearer = { items: [{ sku: 'MUG', quantity: 2, unit_price: '13.00' }] };

  test('of a customer must be those of the catalogue', async () => {
    const before = await rig.orders();
    const { status, body } = await rig.place(dearer);
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'PRICE_CHANGED',
      details: [{ pointer: '/items/0/unit_price', sku: 'MUG', unit_price: '13.00', current_price: '12.50' }],
    });
    expect(await rig.orders()).toHaveLength(before.length);
  });

  test.each(['service', 'admin'] as const)('of the role %s count', async (as) => {
    const { status, body } = await rig.place({ ...dearer, customer_id: 'alice' }, { as, sub: 'shop' });
    expect(status).toBe(201);
    expect(body.total).toBe('26.00');
  });

  test('in another currency than the catalogue are for services only', async () => {
    const dollars = {
      currency: 'USD',
      customer_id: 'alice',
      items: [{ sku: 'MUG', quantity: 2, unit_price: '14.00' }],
    };
    const refused = await rig.place(dollars);
    expect(refused.status).toBe(400);
    expect(refused.body.details).toEqual([{ pointer: '/items/0/sku', message: 'is sold in EUR, the order is in USD' }]);
    const placed = await rig.place(dollars, { as: 'service', sub: 'shop' });
    expect(placed.body).toMatchObject({ currency: 'USD', total: '28.00' });
  });
});

test('metadata entries called like parts of an object are kept', async () => {
  const metadata = { constructor: 'a', prototype: 'b', toString: 'c', hasOwnProperty: 'd' };
  const { status, body } = await rig.place({ metadata });
  expect([status, new Map(Object.entries(body.metadata))]).toEqual([201, new Map(Object.entries(metadata))]);
});
