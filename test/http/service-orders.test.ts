import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig, type RequestOptions } from './api-rig.ts';

let rig: ApiRig;
const shop = { as: 'service', sub: 'shop' } as const;
const feed = { as: 'service', sub: 'feed' } as const;
/** Orders by who placed them. */
let ofShop: { id: string; order_number: string }[];
let ofFeed: { id: string; order_number: string };
let ofAlice: { id: string; order_number: string };

beforeAll(async () => {
  rig = await startApiRig();
  await rig.sandbox.call('PUT', '/users/shop', { name: 'Shop', email: 'shop@example.com', status: 'ACTIVE' });
  ofShop = [
    (await rig.place({ customer_id: 'alice' }, shop)).body,
    (await rig.place({ customer_id: 'bob' }, shop)).body,
  ];
  ofFeed = (await rig.place({ customer_id: 'alice' }, feed)).body;
  ofAlice = (await rig.place()).body;
});
afterAll(() => rig.stop());

const list = async (query: string, caller: RequestOptions) => {
  const { status, body } = await rig.request('GET', `/api/v1/orders${query}`, caller);
  expect(status).toBe(200);
  return body.data.map(({ id }: { id: string }) => id).toSorted() as string[];
};
const idsOf = (...orders: { id: string }[]) => orders.map(({ id }) => id).toSorted();

describe('a service', () => {
  test('lists the orders that it placed, and no others, by whatever filter', async () => {
    expect(await list('', shop)).toEqual(idsOf(...ofShop));
    expect(await list('', feed)).toEqual(idsOf(ofFeed));
    expect(await list('?customer_id=alice', shop)).toEqual(idsOf(ofShop[0]!));
    expect(await list('?q=ORD-', shop)).toEqual(idsOf(...ofShop));
    expect(await list(`?q=${ofAlice.order_number}`, shop)).toEqual([]);
    expect(await list(`?q=${ofFeed.order_number.toLowerCase()}`, shop)).toEqual([]);
    expect(await list('?status=CONFIRMED&sort=created_at', shop)).toEqual(idsOf(...ofShop));
    expect(await list('', { as: 'service', sub: 'newcomer' })).toEqual([]);
  });

  test('pages through its own orders only', async () => {
    const first = await rig.request('GET', '/api/v1/orders?limit=1', shop);
    const next = `/api/v1/orders?limit=1&cursor=${first.body.next_cursor}`;
    const second = await rig.request('GET', next, shop);
    expect(idsOf(...first.body.data, ...second.body.data)).toEqual(idsOf(...ofShop));
    expect(second.body.next_cursor).toBeNull();
    expect((await rig.request('GET', next, feed)).status).toBe(400);
  });

  test('finds an order of somebody else as little as one that there is not', async () => {
    const missing = await rig.request('GET', '/api/v1/orders/ORD-99999999', shop);
    for (const { id, order_number } of [ofFeed, ofAlice]) {
      for (const name of [id, order_number, order_number.toLowerCase()]) {
        const { status, body } = await rig.request('GET', `/api/v1/orders/${name}`, shop);
        expect([status, body.code]).toEqual([404, 'ORD004']);
        expect(body.detail).toBe(missing.body.detail.replace('ORD-99999999', name));
      }
    }
  });

  test('does not get to an order by a key that somebody else used', async () => {
    const headers = { 'Idempotency-Key': 'basket-1' };
    const first = await rig.place({ customer_id: 'alice' }, { ...feed, headers });
    const other = await rig.place({ customer_id: 'alice' }, { ...shop, headers });
    const again = await rig.place({ customer_id: 'alice' }, { ...feed, headers });
    expect([first.status, other.status, again.status]).toEqual([201, 201, 201]);
    expect(other.body.id).not.toBe(first.body.id);
    expect(again.body.id).toBe(first.body.id);
    expect((await rig.request('GET', `/api/v1/orders/${first.body.id}`, shop)).status).toBe(404);
  });

  test('is no customer of the same name, nor the customer a service', async () => {
    const toItself = (await rig.place({}, { sub: 'shop' })).body;
    expect((await rig.request('GET', `/api/v1/orders/${toItself.id}`, shop)).status).toBe(404);
    expect((await rig.request('GET', `/api/v1/orders/${ofShop[0]?.id}`, { sub: 'shop' })).status).toBe(404);
    expect((await rig.request('GET', `/api/v1/orders/${ofAlice.id}`, { as: 'service', sub: 'alice' })).status).toBe(
      404,
    );
    expect(await list('', { sub: 'shop' })).toEqual(idsOf(toItself));
    const both = { token: await rig.token('shop', ['customer', 'service']) };
    expect(await list('?customer_id=shop', both)).toEqual(idsOf(toItself));
    expect(await list('?status=CONFIRMED', both)).toEqual(expect.arrayContaining(idsOf(toItself, ...ofShop)));
    expect((await rig.request('GET', `/api/v1/orders/${ofFeed.id}`, both)).status).toBe(404);
  });

  test('changes nothing of an order that it did not place', async () => {
    const before = await rig.database.db.selectFrom('orders').selectAll().where('id', '=', ofAlice.id).execute();
    rig.commands.sent.length = 0;
    const path = `/api/v1/orders/${ofAlice.id}`;
    const answers = [
      await rig.request('DELETE', path, shop),
      await rig.request('POST', `${path}/cancel`, { ...shop, body: { reason: 'mine now' } }),
      await rig.request('PATCH', path, { ...shop, body: { notes: 'to me' } }),
      await rig.request('POST', `${path}/items`, { ...shop, body: { sku: 'MUG', quantity: 1, unit_price: '0.01' } }),
      await rig.request('POST', `${path}/payment`, { ...shop, body: { payment_method: 'tok_ok' } }),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [404, 'ORD004']));
    expect(rig.commands.sent).toEqual([]);
    expect(await rig.database.db.selectFrom('orders').selectAll().where('id', '=', ofAlice.id).execute()).toEqual(
      before,
    );
  });
});
