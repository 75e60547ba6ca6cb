import { gzipSync } from 'node:zlib';
import { order } from '../../http/api-rig.ts';
import { chunked, whole, type HostileRequest, type Tokens } from './hostile-request.ts';

/** As large as an order's body may be. */
const SIZE = 250_000;

const address = order.shipping_address;

/** JSON that is made to be slow. */
export function hostileBodies(tokens: Tokens): HostileRequest[] {
  return [...hostileOrders(tokens), ...longTexts(tokens), ...hostileCommands(tokens), ...hostileBatches(tokens)];
}

/** So many texts, with commas between. */
const entries = (count: number, write: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join();

/** A batch of one order, again and again. */
const list = (text: string, count: number) => `{"orders":[${Array.from({ length: count }, () => text).join()}]}`;

function hostileOrders({ customer }: Tokens): HostileRequest[] {
  const place = (name: string, body: string | Buffer, expects = [400], headers = {}) => ({
    name,
    expects,
    pieces: whole('POST /api/v1/orders', customer, body, headers),
  });
  const json = JSON.stringify(order);
  return [
    place('lists in lists', '['.repeat(SIZE)),
    place('objects in objects', `${'{"a":'.repeat(SIZE / 6)}1${'}'.repeat(SIZE / 6)}`),
    place('objects in an order', json.replace('{', `{"x":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)},`)),
    place('many metadata', json.replace('{', `{"metadata":{${entries(20_000, (n) => `"k${n}":"v"`)}},`)),
    place('many unknown fields', json.replace('{', `{${entries(20_000, (n) => `"k${n}":1`)},`)),
    place('as many unknown fields as are looked at', json.replace('{', `{${entries(9_000, (n) => `"k${n}":1`)},`)),
    place('one field, again and again', json.replace('{', `{${entries(15_000, (n) => `"notes":"${n}"`)},`)),
    place('many lines', JSON.stringify({ ...order, items: Array.from({ length: 80_000 }, () => ({})) })),
    place(
      'many lines of many fields',
      JSON.stringify({
        ...order,
        items: Array.from({ length: 50 }, () =>
          Object.fromEntries(Array.from({ length: 190 }, (_, n) => [`k${n}`, 1])),
        ),
      }),
    ),
    place('many empty lists', `[${'[],'.repeat(80_000)}[]]`),
    place('a number of many digits', json.replace('"quantity":2', `"quantity":${'9'.repeat(SIZE)}`)),
    place('a number of many decimals', json.replace('"quantity":2', `"quantity":2.${'0'.repeat(SIZE)}1`), [201, 202]),
    place('a number beyond all bounds', json.replace('"quantity":2', '"quantity":1e999')),
    place(
      'a price of many digits',
      JSON.stringify({ ...order, items: [{ sku: 'MUG', quantity: 1, unit_price: '9'.repeat(SIZE) }] }),
    ),
    place('a long name of a field', json.replace('{', `{"${'3 '.repeat(SIZE / 2)}":1,`)),
    place('blanks', `${' '.repeat(SIZE)}x`),
    place('NUL characters', Buffer.alloc(SIZE)),
    place('bytes that are no UTF-8', Buffer.alloc(SIZE, 0xff)),
    place('escapes', json.replace('{', `{"notes":"${'\\u0033\\u0020'.repeat(SIZE / 12)}",`)),
    place('half a surrogate, again and again', json.replace('{', `{"notes":"${'\\ud800'.repeat(SIZE / 6)}",`)),
    place('compressed', gzipSync(Buffer.alloc(100_000_000)), [415], { 'content-encoding': 'gzip' }),
    {
      name: 'a few bytes at a time',
      expects: [400],
      pieces: chunked('POST /api/v1/orders', customer, () => blanks(3_000)),
    },
    {
      ...place('crowds of card-like figures', JSON.stringify({ ...order, notes: '3 '.repeat(1_000) }), [201, 202]),
      times: 20,
    },
  ];
}

function* blanks(count: number) {
  for (let n = 0; n < count; n += 1) yield '        ';
}

/** Every field that takes a text, with one that is far too long and looks like card numbers. */
function longTexts({ customer }: Tokens): HostileRequest[] {
  const digits = '3 '.repeat(SIZE / 2);
  const bodies: Record<string, object> = {
    customer_id: { customer_id: digits },
    currency: { currency: digits },
    sku: { items: [{ sku: digits, quantity: 1 }] },
    product_id: { items: [{ product_id: digits, quantity: 1 }] },
    payment_method: { payment_method: digits },
    shipping_method: { shipping_method: digits },
    coupon_code: { coupon_code: digits },
    notes: { notes: digits },
    'metadata/k': { metadata: { k: digits } },
    'metadata/': { metadata: { [digits]: 'v' } },
    billing_address: { billing_address: digits },
    ...Object.fromEntries(
      [...Object.keys(address), 'line2', 'region'].map((field) => [
        `shipping_address/${field}`,
        { shipping_address: { ...address, [field]: digits } },
      ]),
    ),
  };
  return Object.entries(bodies).map(([field, given]) => ({
    name: `long ${field}`,
    expects: [400],
    pieces: whole('POST /api/v1/orders', customer, JSON.stringify({ ...order, ...given })),
  }));
}

function hostileCommands({ customer, staff }: Tokens): HostileRequest[] {
  const id = '019a0000-0000-7000-8000-000000000000';
  const item = { item_id: id, quantity: 1 };
  const digits = '3 '.repeat(30_000);
  const send = (name: string, start: string, body: unknown, expects = [400]) => ({
    name,
    expects,
    pieces: whole(start, staff, JSON.stringify(body)),
  });
  return [
    send('a return of one line, again and again', `POST /api/v1/orders/${id}/returns`, {
      reason: 'x',
      items: Array.from({ length: 1_500 }, () => item),
    }),
    send('a return of a thousand lines', `POST /api/v1/orders/${id}/returns`, {
      reason: 'x',
      items: Array.from({ length: 1_000 }, () => item),
    }),
    send('a long reason', `POST /api/v1/orders/${id}/cancel`, { reason: digits }),
    send('a long tracking number', `PUT /api/v1/orders/${id}/status`, {
      status: 'SHIPPED',
      reason: 'x',
      tracking: digits,
    }),
    send('a long status', `PUT /api/v1/orders/${id}/status`, { status: digits, reason: 'x' }),
    send('a long note', `PATCH /api/v1/orders/${id}`, { notes: digits }),
    send('a long coupon', 'PUT /api/v1/coupons/X', {
      kind: 'percent',
      value: '9'.repeat(30_000),
      valid_from: '3 '.repeat(15_000),
    }),
    send('a long time', 'PUT /api/v1/coupons/X', {
      kind: 'percent',
      value: '9',
      valid_from: `2026-01-01T00:00:00.${'0'.repeat(60_000)}`,
    }),
    {
      name: 'a command of more than commands have',
      expects: [413],
      pieces: whole(`POST /api/v1/orders/${id}/payment`, customer, ' '.repeat(100_000)),
    },
  ];
}

function hostileBatches({ service }: Tokens): HostileRequest[] {
  const batch = (name: string, body: string, expects: readonly number[]) => ({
    name,
    expects,
    pieces: whole('POST /api/v1/orders/batch', service, body),
  });
  const many = JSON.stringify({
    ...order,
    customer_id: 'alice',
    items: Array.from({ length: 50 }, () => ({ sku: '3 '.repeat(120), quantity: 1 })),
  });
  return [
    batch('a thousand orders that are none', list('{"notes":"3 3 3 3 3 3 3"}', 1_000), [202]),
    batch(
      'a thousand orders of card-like notes',
      list(JSON.stringify({ ...order, notes: '4 \u32b7'.repeat(600) }), 1_000),
      [202],
    ),
    batch('a thousand large orders', list(many, 1_000), [202]),
    batch('a batch of too many orders', list('{}', 2_000_000), [400]),
    batch('a batch of empty lists', list('[]', 5_000_000), [400]),
    batch('a batch of one order of empty lists', `{"orders":[{"x":[${'[],'.repeat(5_000_000)}[]]}]}`, [400]),
    batch('a batch of one long text', `{"orders":[{"notes":"${'3 '.repeat(9_000_000)}"}]}`, [400]),
    batch('a batch of levels', `{"orders":[${'{"a":'.repeat(500_000)}`, [400]),
    batch('a batch of unknown fields', `{${Array.from({ length: 500_000 }, (_, n) => `"k${n}":1`).join()}}`, [400]),
    batch('a batch of long references', list(`{"order_reference":"${'3 '.repeat(9_000)}"}`, 1_000), [400]),
  ];
}
