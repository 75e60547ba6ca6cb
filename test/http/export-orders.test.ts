import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, token, type ApiRig } from './api-rig.ts';
import type { Role } from '../../src/domain/caller.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

async function exported(query = '', as: Role = 'support') {
  const { status, headers, body } = await rig.request('GET', `/api/v1/orders/export${query}`, { as });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  return parse<Record<string, string>>(body, { columns: true });
}

test('orders are exported by the filters of the list, each on a row', async () => {
  const { body: placed } = await rig.place();
  await rig.place({ payment_method: 'tok_declined' });
  await rig.place({}, { sub: 'bob' });
  const mine = await exported('?customer_id=alice&status=CONFIRMED');
  expect(mine).toHaveLength(1);
  expect(mine[0]).toMatchObject({
    id: placed.id,
    order_number: placed.order_number,
    total: placed.total,
    currency: 'EUR',
    lines: '1',
    items: '2 × MUG',
    shipping_city: 'London',
    created_at: placed.created_at,
  });
  expect((await exported()).map(({ id }) => id)).toHaveLength(3);
  const oldest = await exported('?sort=created_at');
  expect(oldest.map(({ id }) => id)).toEqual((await exported()).map(({ id }) => id).toReversed());
  expect(await exported('?from=2100-01-01')).toEqual([]);
});

test('a cell that a spreadsheet would run is text, and a quote or a line end keeps its cell together', async () => {
  const notes = [
    '=HYPERLINK("http://evil")',
    '+1+2',
    '-1+2',
    '@SUM(A1)',
    '\tx',
    ';=1+1',
    '\n =1',
    'a;=1',
    'a "b", c\nd',
    '-12.50',
    'plain',
  ];
  const expected = [
    '\'=HYPERLINK("http://evil")',
    "'+1+2",
    "'-1+2",
    "'@SUM(A1)",
    "'\tx",
    "';'=1+1",
    "'\n' =1",
    "a;'=1",
    'a "b", c\nd',
    '-12.50',
    'plain',
  ];
  for (const note of notes) expect((await rig.place({ notes: note })).status).toBe(201);
  const rows = await exported('?sort=created_at');
  expect(rows.map(({ notes: cell }) => cell).filter(Boolean)).toEqual(expected);
});

test('more orders than are read at a time come whole, each once', async () => {
  const { db } = rig.database;
  const first = (await rig.orders())[0];
  const count = 1_203;
  const copies = Array.from({ length: count }, (_, index) => {
    const { order_number: _number, ...copy } = first!;
    return {
      ...copy,
      id: `0190000a-0000-7000-8000-${String(index).padStart(12, '0')}`,
      batch_id: 'many',
      shipping_address: JSON.stringify(copy.shipping_address),
      billing_address: null,
      metadata: JSON.stringify(copy.metadata),
      tracking: null,
      payment_action: null,
      payment_parts: null,
      failure: null,
      coupon_terms: null,
    };
  });
  // A statement takes 65 535 parameters, and an order has dozens.
  for (let from = 0; from < copies.length; from += 500) {
    await db
      .insertInto('orders')
      .values(copies.slice(from, from + 500))
      .execute();
  }
  const before = rig.database.statements();
  const rows = await exported('?batch_id=many');
  expect(new Set(rows.map(({ id }) => id)).size).toBe(count);
  expect(rows).toHaveLength(count);
  // And one for the audit.
  expect(rig.database.statements() - before).toBe(Math.ceil(count / 500) + 1);
});

test('an export stops reading the database when its client stops reading', async () => {
  const { body } = await rig.api.request('/api/v1/orders/export', {
    headers: { authorization: `Bearer ${await token('sam', ['support'])}` },
  });
  const reader = body!.getReader();
  await reader.read();
  const before = rig.database.statements();
  await reader.cancel();
  await rig.request('GET', '/api/v1/orders?limit=1');
  expect(rig.database.statements() - before).toBeLessThanOrEqual(2);
});

test('only staff may export, and only what the list can filter by', async () => {
  for (const [as, status] of [
    ['customer', 403],
    ['service', 403],
    ['support', 200],
    ['operator', 200],
    ['admin', 200],
  ] as const) {
    expect((await rig.request('GET', '/api/v1/orders/export', { as })).status).toBe(status);
  }
  for (const query of ['?limit=5', '?cursor=x', '?status=LOST']) {
    expect((await rig.request('GET', `/api/v1/orders/export${query}`, { as: 'admin' })).body.code).toBe('VALIDATION');
  }
});

test('an export of lines has a row for each line, with every amount, and the columns, delimiter and mark that were asked for', async () => {
  const { body: placed } = await rig.place({
    reference: '#77; a "b"',
    items: [
      { sku: 'MUG', quantity: 2 },
      { sku: 'PENNY', quantity: 1 },
    ],
  });
  const rows = await exported(`?lines=true&reference=${encodeURIComponent('#77; a "b"')}`);
  expect(rows).toHaveLength(2);
  expect(rows).toMatchObject(
    placed.items.map((item: Record<string, string>) => ({
      order_reference: '#77; a "b"',
      number: placed.order_number,
      status: placed.status,
      sku: item['sku'],
      quantity: String(item['quantity']),
      unit_price: item['unit_price'],
      line_total: item['total'],
      subtotal: placed.subtotal,
      discount: placed.discount,
      tax: placed.tax,
      tax_included: 'false',
      shipping: placed.shipping,
      total: placed.total,
      refunded: '0.00',
      line1: placed.shipping_address.line1,
      placed_at: placed.created_at,
    })),
  );
  // What an import of new orders would take for its own is not called so.
  for (const name of ['payment_method', 'product_id', 'order_number']) expect(rows[0]).not.toHaveProperty(name);

  const query = '?lines=true&reference=%2377%3B%20a%20%22b%22&columns=sku,order_reference&delimiter=;&bom=true';
  const answer = await rig.api.request(`/api/v1/orders/export${query}`, {
    headers: { authorization: `Bearer ${await token('sam', ['support'])}` },
  });
  // Reading an answer as text takes the mark off.
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toBe(
    '\ufeffsku;order_reference\nMUG;"#77; a ""b"""\nPENNY;"#77; a ""b"""\n',
  );
  const refused = await rig.request('GET', '/api/v1/orders/export?columns=total,nonsense', { as: 'support' });
  expect([refused.body.code, refused.body.detail]).toEqual(['VALIDATION', expect.stringContaining('"nonsense"')]);
});

test('an export is compressed on its way for a client that accepts it, and as a file for one that asks', async () => {
  const plain = (await rig.request('GET', '/api/v1/orders/export', { as: 'support' })).body;
  const ask = async (query: string, accepted: string) =>
    rig.api.request(`/api/v1/orders/export${query}`, {
      headers: { authorization: `Bearer ${await token('sam', ['support'])}`, 'accept-encoding': accepted },
    });
  const encoded = await ask('', 'br, gzip;q=0.5');
  expect([encoded.headers.get('content-encoding'), encoded.headers.get('content-type')]).toEqual([
    'gzip',
    'text/csv; charset=utf-8; header=present',
  ]);
  const file = await ask('?compress=gzip', 'gzip');
  expect([file.headers.get('content-encoding'), file.headers.get('content-type')]).toEqual([null, 'application/gzip']);
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="orders.csv.gz"');
  for (const answer of [encoded, file]) expect(gunzipSync(await answer.arrayBuffer()).toString()).toBe(plain);
  for (const accepted of ['', 'br', 'gzip;q=0']) {
    const answer = await ask('', accepted);
    expect([answer.headers.get('content-encoding'), await answer.text()]).toEqual([null, plain]);
  }
});
