import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { acceptOrder, acceptOrders } from '../../src/repositories/accept-order.ts';
import { listOrders, type OrderListQuery } from '../../src/repositories/list-orders.ts';
import { findShipments, insertShipment, setTracking } from '../../src/repositories/shipments.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { openOrders, someOrder, transitionTo } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
beforeEach(() => sql`delete from orders`.execute(orders.db));
afterAll(() => orders.close());

const find = async (q: string) =>
  (await listOrders(orders.db, { q, oldestFirst: true, limit: 50 })).orders.map(({ id }) => id);

const list = async (query: Partial<OrderListQuery>) =>
  (await listOrders(orders.db, { ...query, oldestFirst: false, limit: 50 })).orders.map(({ id }) => id);

const sentTo = (name: string, more: Partial<ReturnType<typeof someOrder>> = {}) =>
  someOrder({ shippingAddress: { name, line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' }, ...more });

async function place(order = sentTo('Ada Lovelace', { metadata: { order_reference: 'Web-2026/77' } })) {
  const accepted = await acceptOrder(orders.db, order, null);
  return { id: order.id, number: accepted?.orderNumber ?? '' };
}

test('an order is found by each beginning of its number, name, reference, tracking number and payment id, in any case', async () => {
  const { id, number } = await place();
  await sql`update orders set payment_id = 'pi_3MtwBwLkdIw', tracking = '{"carrier": "DHL", "number": "JD0146 00006"}'`.execute(
    orders.db,
  );
  for (const text of [number, 'Ada Lovelace', 'Web-2026/77', 'JD0146 00006', 'pi_3MtwBwLkdIw']) {
    for (let length = 1; length <= text.length; length += 1) {
      for (const q of [
        text.slice(0, length),
        text.slice(0, length).toUpperCase(),
        text.slice(0, length).toLowerCase(),
      ]) {
        expect([q, await find(q)]).toEqual([q, [id]]);
      }
    }
    expect(await find(`${text}x`)).toEqual([]);
  }
  for (const q of ['lovelace', '%', '_da', 'ord-9', 'ordinary', 'pi_4', 'jd0147'])
    expect([q, await find(q)]).toEqual([q, []]);
});

test('the customer and the recipient of an order are found by name and e-mail address, with or without accents', async () => {
  const address = { name: 'Łukasz Żółć', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' };
  const order = someOrder({
    customerName: 'Zoë Größmann',
    customerEmail: 'Zoe.G@Example.com',
    reference: 'Nº 1042',
    shippingAddress: { ...address, email: 'lukasz@example.com' },
  });
  await place(order);
  const found = ['zoe', 'ZOË GRÖSSM', 'zoë gro', 'zoe.g@EXAMPLE', 'lukasz zol', 'łuk', 'lukasz@', 'nº 10', 'no 1042'];
  for (const q of found) expect([q, await find(q)]).toEqual([q, [order.id]]);
  for (const q of ['zor', 'g@example', '1042', 'zoé grob']) expect([q, await find(q)]).toEqual([q, []]);
});

test('an order is listed by its whole reference, e-mail address or tracking number, in any case, and by nothing else that is the same', async () => {
  const order = someOrder({ reference: 'Web-1', customerEmail: 'ann@example.com' });
  const other = someOrder({
    reference: 'ann@example.com',
    customerEmail: 'web-1@example.com',
    metadata: { order_reference: 'web-1' },
  });
  await place(order);
  await place(other);
  expect(await list({ reference: 'WEB-1' })).toEqual([order.id]);
  expect(await list({ email: 'ANN@example.COM' })).toEqual([order.id]);
  expect(await list({ email: 'ann@example.com', reference: 'web-1', q: 'ann', status: 'PENDING' })).toEqual([order.id]);
  expect(await list({ email: 'ann@example.com', reference: 'web-1', q: 'ord-' })).toEqual([order.id]);
  expect(await list({ email: 'ann@example.com', reference: 'web-2' })).toEqual([]);
  expect(await list({ reference: 'web' })).toEqual([]);
  expect(await list({ tracking: 'web-1' })).toEqual([]);
});

test('an order is found by the tracking number under which it was shipped, also once that was corrected', async () => {
  const { id } = await place(someOrder());
  for (const to of ['CONFIRMED', 'PROCESSING'] as const) await transitionOrder(orders.db, transitionTo(id, to));
  const tracking = { carrier: 'UPS', number: '1Z999AA1O1' };
  await transitionOrder(orders.db, transitionTo(id, 'SHIPPED', { tracking }));
  expect([await find('1z999'), await list({ tracking: tracking.number })]).toEqual([[id], [id]]);
  const [shipment] = await findShipments(orders.db, id);
  await setTracking(orders.db, shipment!.id, { ...tracking, number: '1Z999AA101' });
  await sql`update orders set tracking = '{"number": "1Z999AA101"}'`.execute(orders.db);
  expect([await find('1z999aa1o'), await find('1z999aa10')]).toEqual([[], [id]]);
  const { rows } = await sql<{ term: string }>`select term from order_search where term like '1z%'`.execute(orders.db);
  expect(rows).toEqual([{ term: '1z999aa101' }]);
});

test('an order of several shipments is found by the tracking number of each, also after one was corrected', async () => {
  const { id } = await place(someOrder());
  const ship = (key: string, number: string) =>
    insertShipment(orders.db, {
      orderId: id,
      key,
      items: [],
      tracking: { carrier: 'DHL', number },
      actor: 'a',
      reason: 'r',
    });
  await ship('one', 'JD01');
  await sql`update orders set tracking = '{"number": "JD01"}'`.execute(orders.db);
  await ship('two', 'JD02');
  await sql`update orders set tracking = '{"number": "JD02"}'`.execute(orders.db);
  for (const number of ['jd01', 'JD02'])
    expect([await find(number), await list({ tracking: number })]).toEqual([[id], [id]]);
  const [first] = await findShipments(orders.db, id);
  await setTracking(orders.db, first!.id, { carrier: 'DHL', number: 'JD03' });
  expect([
    await list({ tracking: 'jd01' }),
    await list({ tracking: 'jd02' }),
    await list({ tracking: 'jd03' }),
  ]).toEqual([[], [id], [id]]);
  expect(await find('jd0')).toEqual([id]);
  await sql`delete from orders`.execute(orders.db);
  expect((await sql`select from order_search`.execute(orders.db)).rows).toEqual([]);
});

test('a text in another script, of one letter, or longer than others is found as well', async () => {
  const [one, two, three] = [sentTo('Ł'), sentTo('Łukasz Żółć'), sentTo('李小龍 和他的朋友們一起去旅行')];
  await acceptOrders(
    orders.db,
    [one, two, three].map((order) => ({ order, key: null })),
  );
  expect(await find('ł')).toEqual([one.id, two.id]);
  expect(await find('ŁUKASZ ŻÓŁ')).toEqual([two.id]);
  expect(await find('李小龍 和他的朋友')).toEqual([three.id]);
});

test('an order whose name, reference and payment id begin alike is listed once, and no other order in its place', async () => {
  const { id } = await place(sentTo('ord-ABCD', { metadata: { order_reference: 'ORD-ABCDEFGH' } }));
  await sql`update orders set payment_id = 'ord-abcd-1'`.execute(orders.db);
  for (const q of ['ord-a', 'ORD-ABC', 'ord-abcd', 'ord-abcd-', 'ord-abcde'])
    expect([q, await find(q)]).toEqual([q, [id]]);
});

test('what is changed is found by what it is now, and a deleted order is not found', async () => {
  const { id } = await place();
  await sql`update orders set shipping_address = shipping_address || '{"name": "Adam Riese"}' where id = ${id}`.execute(
    orders.db,
  );
  expect([await find('ada l'), await find('ad'), await find('adam'), await find('web-')]).toEqual([
    [],
    [id],
    [id],
    [id],
  ]);
  await sql`update orders set tracking = '{"number": "1Z1"}'`.execute(orders.db);
  await sql`update orders set tracking = '{"number": "1Z2"}'`.execute(orders.db);
  expect([await find('1z1'), await find('1z'), await find('1z2')]).toEqual([[], [id], [id]]);
  await sql`delete from orders`.execute(orders.db);
  expect((await sql`select from order_search`.execute(orders.db)).rows).toEqual([]);
});

test('pages of a search follow on one another, with the other filters applied', async () => {
  const all = Array.from({ length: 25 }, (_, n) =>
    sentTo(n % 2 === 0 ? 'Ann' : 'Anton', { id: uuidv7(), customerId: `c${n % 3}` }),
  );
  for (const order of all) await acceptOrder(orders.db, order, null);
  for (const oldestFirst of [true, false]) {
    const expected = all.filter((_, n) => n % 2 === 0 && n % 3 !== 1).map(({ id }) => id);
    const found: string[] = [];
    for (let after; ;) {
      const query = { q: 'ann', oldestFirst, limit: 4, after };
      const pages = await Promise.all(
        ['c0', 'c2'].map((customerId) => listOrders(orders.db, { ...query, limit: 50, customerId })),
      );
      const page = await listOrders(orders.db, query);
      expect(pages.flatMap((one) => one.orders).length).toBeGreaterThan(0);
      found.push(...page.orders.map(({ id }) => id));
      if (!page.next) break;
      after = page.next;
    }
    const whole = all.filter((_, n) => n % 2 === 0).map(({ id }) => id);
    expect(found).toEqual(oldestFirst ? whole : whole.toReversed());
    const ofTwo = await Promise.all(
      ['c0', 'c2'].map((customerId) => listOrders(orders.db, { q: 'ann', oldestFirst, limit: 50, customerId })),
    );
    expect(new Set(ofTwo.flatMap((one) => one.orders.map(({ id }) => id)))).toEqual(new Set(expected));
  }
});
