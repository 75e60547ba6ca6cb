import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { captureLog } from '../setup/captured-log.ts';
import { order, startApiRig, type ApiAnswer, type ApiRig } from './api-rig.ts';

const CARD = '4000 0566/5566 5556';
const BARE = '4000056655665556';

/** All digits but the last four, which may be shown. */
const SECRET = /4000\D{0,3}0566\D{0,3}5566/;

let rig: ApiRig;
const log = captureLog();

beforeAll(async () => {
  rig = await startApiRig({ logger: log.logger });
});
afterAll(() => rig.stop());

/** Every row of every table, as text. */
async function stored(): Promise<string> {
  const { db } = rig.database;
  const tables = await sql<{ name: string }>`
    select table_schema || '.' || table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(db);
  const texts: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(name)} as t`.execute(db);
    texts.push(...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

/** Status and code of an answer, and whether it shows the card number. */
function tell({ status, body, headers }: ApiAnswer) {
  return [status, body.code, SECRET.test(JSON.stringify([body, [...headers]]))];
}

const refused = [400, 'VALIDATION', false];

const keyed = { 'idempotency-key': `pay ${CARD}` };

test.each<[string, object]>([
  ['customer_id', { customer_id: CARD }],
  ['sku', { items: [{ sku: BARE, quantity: 1 }] }],
  ['product_id', { items: [{ product_id: BARE, quantity: 1 }] }],
  ['unit_price', { items: [{ sku: 'MUG', quantity: 1, unit_price: `${BARE}.000001` }] }],
  ['payment_method', { payment_method: `tok_${BARE}` }],
  ['coupon_code', { coupon_code: BARE }],
  ['shipping_method', { shipping_method: CARD }],
  ['currency', { currency: CARD }],
  ['notes', { notes: `\u{ff14}${CARD.slice(1)}` }],
  ['a value of metadata', { metadata: { k: CARD } }],
  ['a name in metadata', { metadata: { [CARD]: 'v' } }],
  ['a field that is none', { [CARD]: 1 }],
  ...['name', 'line1', 'line2', 'city', 'region', 'postal_code', 'country'].map((field): [string, object] => [
    `shipping_address/${field}`,
    { shipping_address: { ...order.shipping_address, [field]: CARD } },
  ]),
  ['billing_address', { billing_address: { ...order.shipping_address, name: Array.from(BARE).join('\u200b') } }],
])('an order with a card number as %s is refused without repeating it', async (_, body) => {
  expect(tell(await rig.place(body, { as: 'service', sub: 'shop' }))).toEqual(refused);
});

describe('a card number is refused without repeating it', () => {
  test.each<[string, string, string, object]>([
    ['a reason to cancel', 'POST', '/cancel', { reason: CARD }],
    ['a tracking number', 'PUT', '/status', { status: 'SHIPPED', reason: 'x', tracking: BARE }],
    ['a carrier', 'PUT', '/status', { status: 'SHIPPED', reason: 'x', tracking: { carrier: CARD } }],
    ['a reason for a status', 'PUT', '/status', { status: 'SHIPPED', reason: CARD }],
    ['a note', 'PATCH', '', { notes: CARD }],
    ['an address', 'PATCH', '', { shipping_address: { ...order.shipping_address, line2: CARD } }],
    ['a product to add', 'POST', '/items', { sku: BARE, quantity: 1 }],
    ['a payment method', 'POST', '/payment', { payment_method: BARE }],
    ['a reason for a return', 'POST', '/returns', { items: [], reason: CARD }],
    ['a reason to resolve', 'POST', '/saga/chargePayment', { action: 'retry', reason: CARD }],
  ])('as %s', async (_, method, below, body) => {
    const { body: placed } = await rig.place();
    expect(
      tell(await rig.request(method, `/api/v1/orders/${placed.id}${below}`, { as: 'admin', sub: 'root', body })),
    ).toEqual(refused);
  });

  test('as an idempotency key of whatever request', async () => {
    const { body: placed } = await rig.place();
    const path = `/api/v1/orders/${placed.id}`;
    expect(tell(await rig.place({}, { headers: keyed }))).toEqual(refused);
    expect(tell(await rig.request('POST', `${path}/cancel`, { body: { reason: 'x' }, headers: keyed }))).toEqual(
      refused,
    );
    const batch = { as: 'service', body: { orders: [order] }, headers: keyed } as const;
    expect(tell(await rig.request('POST', '/api/v1/orders/batch', batch))).toEqual(refused);
    expect(tell(await upload('order,sku,qty\nA,MUG,1\n', '', keyed))).toEqual(refused);
  });

  test.each([
    `file_name=${CARD}.csv`,
    `customer_id=${CARD}`,
    `payment_method=${BARE}`,
    `column.sku=${CARD}`,
    `${BARE}=1`,
  ])('in the query of an import: %s', async (query) => {
    expect(tell(await upload('order,sku,qty\nA,MUG,1\n', `?${query.replaceAll(' ', '%20')}`))).toEqual(refused);
  });

  test('as a coupon', async () => {
    const body = { kind: 'percent', value: '10' };
    expect(tell(await rig.request('PUT', `/api/v1/coupons/${BARE}`, { as: 'admin', body }))).toEqual(refused);
  });

  test('as the name of an order or of an import that does not exist', async () => {
    for (const path of [`/api/v1/orders/${BARE}`, `/api/v1/imports/${BARE}`, `/${BARE}`]) {
      const { status, body } = await rig.request('GET', path, { as: 'admin' });
      expect([status, JSON.stringify(body)]).toEqual([404, expect.not.stringMatching(SECRET)]);
    }
  });

  test("as a request's id, which is masked", async () => {
    const { headers, body } = await rig.request('GET', '/api/v1/orders/x', { headers: { 'x-request-id': BARE } });
    expect([headers.get('x-request-id'), body.request_id]).toEqual(['************5556', '************5556']);
  });
});

test('a batch and a file are taken, and what is kept of their card numbers is masked', async () => {
  const cards = [
    { ...order, notes: CARD, cvc: 'Qz7-cvc' },
    { ...order, card: { number: Number(BARE), cvc: 'Qz7-cvc' } },
  ];
  const batch = await rig.request('POST', '/api/v1/orders/batch', { as: 'service', body: { orders: cards } });
  expect([batch.status, batch.body.failed]).toEqual([202, 2]);
  const file = [
    'order,sku,qty,notes,Comment of the clerk,CVC',
    `A,MUG,1,${CARD},,Qz7-cvc`,
    `B,MUG,1,fine,paid with ${BARE},Qz7-cvc`,
    `${BARE},MUG,1,,,`,
    '',
  ].join('\n');
  expect((await upload(file)).status).toBe(202);
  const errors = await rig.request('GET', `${batch.body.errors_url}`, { as: 'service' });
  expect(errors.body).toMatch(/\*{4} \*{4}\/\*{4} 5556/);
  expect(errors.body).not.toMatch(SECRET);
});

test('after all of that no card number and no security code is in the database or in the logs', async () => {
  await eventually(() => log.text().includes('request refused'));
  const kept = await stored();
  expect(kept).toContain('paid with ************5556');
  expect(kept).not.toMatch(SECRET);
  expect(kept).not.toMatch(/Qz7-cvc/);
  expect(log.text()).not.toMatch(SECRET);
});

function upload(body: string, query = '', headers = {}): Promise<ApiAnswer> {
  return rig.request('POST', `/api/v1/imports${query}`, {
    as: 'service',
    body,
    headers: { 'content-type': 'text/csv', ...headers },
  });
}
