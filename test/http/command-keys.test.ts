import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseCommand } from '../../src/domain/parse-command.ts';
import { address, startApiRig, type ApiRig, type RequestOptions } from './api-rig.ts';

let rig: ApiRig;
let order: { id: string; items: { id: string }[] };
let importPath: string;

beforeAll(async () => {
  rig = await startApiRig();
  const { headers } = await rig.request('POST', '/api/v1/imports', {
    as: 'service',
    body: 'order_reference,sku,quantity\n1,MUG,1',
    headers: { 'content-type': 'text/csv' },
  });
  importPath = headers.get('location') ?? '';
});
afterAll(() => rig.stop());
beforeEach(async () => {
  rig.commands.mode = 'up';
  order = (await rig.place()).body;
  rig.commands.mode = 'silent';
  rig.commands.sent.length = 0;
});

const atOrder = (path: string) => `/api/v1/orders/${order.id}${path}`;
const because = (reason: string) => ({ body: { reason } });

/** Every field that may be edited, with nothing in those that may be without. */
const unset = {
  customer_name: null,
  customer_email: null,
  customer_phone: null,
  reference: null,
  locale: null,
  shipping_address: address,
  billing_address: null,
};

interface Keyed {
  readonly method: string;
  readonly path: () => string;
  readonly as: RequestOptions['as'] & string;
  readonly one: () => Pick<RequestOptions, 'body'>;
  /** What may not come under the same key. */
  readonly other: () => Pick<RequestOptions, 'body'>;
  readonly otherPath?: () => string;
}

const importCommand = (name: string): Keyed => ({
  method: 'POST',
  path: () => `${importPath}/${name}`,
  as: 'service',
  one: () => because('stock-taking'),
  other: () => because('holiday'),
});

const routes: Record<string, Keyed> = {
  cancel: {
    method: 'POST',
    path: () => atOrder('/cancel'),
    as: 'customer',
    one: () => because('too late'),
    other: () => because('too dear'),
  },
  delete: {
    method: 'DELETE',
    path: () => atOrder(''),
    as: 'support',
    one: () => because('too late'),
    other: () => because('too dear'),
  },
  status: {
    method: 'PUT',
    path: () => atOrder('/status'),
    as: 'support',
    one: () => ({ body: { status: 'PROCESSING', reason: 'picked' } }),
    other: () => ({ body: { status: 'PROCESSING', reason: 'picked twice' } }),
  },
  edit: {
    method: 'PATCH',
    path: () => atOrder(''),
    as: 'customer',
    one: () => ({ body: { notes: 'ring once' } }),
    other: () => ({ body: { notes: 'ring twice' } }),
  },
  'edit everything': {
    method: 'PUT',
    path: () => atOrder(''),
    as: 'support',
    one: () => ({ body: { ...unset, notes: 'ring once' } }),
    other: () => ({ body: { ...unset, notes: 'ring twice' } }),
  },
  review: {
    method: 'POST',
    path: () => atOrder('/review'),
    as: 'support',
    one: () => ({ body: { decision: 'approve', reason: 'a known customer' } }),
    other: () => ({ body: { decision: 'reject', reason: 'a known customer' } }),
  },
  'add an item': {
    method: 'POST',
    path: () => atOrder('/items'),
    as: 'customer',
    one: () => ({ body: { sku: 'PENNY', quantity: 1 } }),
    other: () => ({ body: { sku: 'PENNY', quantity: 2 } }),
  },
  'change an item': {
    method: 'PATCH',
    path: () => atOrder(`/items/${order.items[0]?.id}`),
    as: 'customer',
    one: () => ({ body: { quantity: 3 } }),
    other: () => ({ body: { quantity: 4 } }),
  },
  'remove an item': {
    method: 'DELETE',
    path: () => atOrder(`/items/${order.items[0]?.id}`),
    as: 'customer',
    one: () => ({}),
    other: () => ({}),
    otherPath: () => atOrder(`/items/${order.items[0]?.id}?reason=other`),
  },
  payment: {
    method: 'POST',
    path: () => atOrder('/payment'),
    as: 'customer',
    one: () => ({ body: { payment_method: 'tok_ok' } }),
    other: () => ({ body: { payment_method: 'tok_other' } }),
  },
  'saga step': {
    method: 'POST',
    path: () => atOrder('/saga/chargePayment'),
    as: 'operator',
    one: () => ({ body: { action: 'retry', reason: 'bank is back' } }),
    other: () => ({ body: { action: 'skip', reason: 'bank is back' } }),
  },
  'pause an import': importCommand('pause'),
  'resume an import': importCommand('resume'),
  'cancel an import': importCommand('cancel'),
};

describe.each(Object.entries(routes))('%s', (name, { method, path, as, one, other, otherPath = path }) => {
  const headers = { 'Idempotency-Key': `key of ${name}` };

  test('under the same key acts for the same request only', async () => {
    const first = await rig.request(method, path(), { as, headers, ...one() });
    const again = await rig.request(method, path(), { as, headers, ...one() });
    const another = await rig.request(method, otherPath(), { as, headers, ...other() });
    expect(first.status).toBeLessThan(300);
    expect(again.status).toBe(first.status);
    expect([another.status, another.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(new Set(rig.commands.sent.map(({ command }) => command.command_id)).size).toBeLessThanOrEqual(1);
  });
});

test('a refund is on record once a key, and another amount under it is refused', async () => {
  const transaction = { kind: 'CHARGE', status: 'CAPTURED', amount_minor: 2_500, currency: 'EUR' } as const;
  await rig.database.db
    .insertInto('order_payment_transactions')
    .values({ ...transaction, idempotency_key: `${order.id}:charge:1`, order_id: order.id, payment_method: 'tok_ok' })
    .execute();
  const refund = (amount: string) =>
    rig.request('POST', atOrder('/refunds'), {
      as: 'support',
      headers: { 'Idempotency-Key': 'goodwill' },
      body: { amount, reason: 'goodwill' },
    });

  const answers = [await refund('5.00'), await refund('5.00'), await refund('6.00')];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 422]);
  const { body } = await rig.request('GET', atOrder('/refunds'), { as: 'support' });
  expect(body.data).toMatchObject([{ amount: '5.00', state: 'OPEN' }]);
});

test('the same key of another caller, for another order or for another command is another key', async () => {
  const headers = { 'Idempotency-Key': 'everywhere' };
  const answers = [
    await rig.request('POST', atOrder('/cancel'), { headers, ...because('one') }),
    await rig.request('POST', atOrder('/cancel'), { as: 'support', sub: 'ann', headers, ...because('two') }),
    await rig.request('POST', atOrder('/items'), { headers, body: { sku: 'PENNY', quantity: 1 } }),
    await rig.request('POST', `/api/v1/orders/${(await rig.place()).body.id}/cancel`, { headers, ...because('three') }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
});

test('a repeat acts once more in the same way after the order is cancelled, and what is new is told so', async () => {
  const headers = { 'Idempotency-Key': 'afterwards' };
  rig.commands.mode = 'up';
  const cancel = (reason: string) => rig.request('POST', atOrder('/cancel'), { headers, ...because(reason) });
  const answers = [await cancel('one'), await cancel('one'), await cancel('two')];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 422]);
});

test('of twenty concurrent, different requests under one key only one acts', async () => {
  const headers = { 'Idempotency-Key': 'crowd' };
  const all = Array.from({ length: 20 }, (_, n) =>
    rig.request('POST', atOrder('/cancel'), { headers, ...because(`reason ${n}`) }),
  );
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([202, ...Array.from({ length: 19 }, () => 422)]);
  expect(rig.commands.sent).toHaveLength(1);
});

test('a subject and a key of 255 characters are a command that the workflow takes', async () => {
  const sub = 's'.repeat(255);
  const headers = { 'Idempotency-Key': 'k'.repeat(255) };
  await rig.sandbox.call('PUT', `/users/${sub}`, { name: 'Long', email: 'long@example.com', status: 'ACTIVE' });
  rig.commands.mode = 'up';
  const { body } = await rig.place({}, { sub });
  const cancel = () =>
    rig.request('POST', `/api/v1/orders/${body.id}/cancel`, { sub, headers, ...because('too long') });
  expect([(await cancel()).status, (await cancel()).status]).toEqual([200, 200]);
  const [sent] = rig.commands.sent;
  expect(sent?.command.command_id.length).toBeLessThan(256);
  expect(parseCommand('cancelOrder', { from_api: sent?.command }, 'c')).toMatchObject({
    input: sent?.command,
  });
});

test('the id of a command, which Temporal keeps as it is, tells neither its key nor who sent it', async () => {
  const headers = { 'Idempotency-Key': 'ann@example.com cancels' };
  const cancelled = await rig.request('POST', atOrder('/cancel'), {
    as: 'support',
    sub: 'ann@example.com',
    headers,
    ...because('asked for'),
  });
  expect(cancelled.status).toBe(202);
  expect(rig.commands.sent.map(({ command }) => command.command_id)).toEqual([
    expect.stringMatching(/^cancelOrder:[\w-]{43}$/),
  ]);
});

test.each([
  ['sam:a', 'b', 'sam', 'a:b'],
  ['sam%3Aa', 'b', 'sam:a', 'b'],
  [`${'s'.repeat(200)}:${'a'.repeat(50)}`, 'b'.repeat(40), 's'.repeat(200), `${'a'.repeat(50)}:${'b'.repeat(40)}`],
])('callers and keys that look alike when written together do not meet: %s and %s, %s and %s', async (...pairs) => {
  const [one, key, another, otherKey] = pairs;
  const cancel = (sub: string, idempotencyKey: string, reason: string) =>
    rig.request('POST', atOrder('/cancel'), {
      as: 'support',
      sub,
      headers: { 'Idempotency-Key': idempotencyKey },
      ...because(reason),
    });
  expect((await cancel(one, key, 'one')).status).toBe(202);
  expect((await cancel(another, otherKey, 'another')).status).toBe(202);
  expect(new Set(rig.commands.sent.map(({ command }) => command.command_id)).size).toBe(2);
});
