import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { address, order, startApiRig, token, type ApiRig, type RequestOptions } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());
afterEach(async () => {
  const left = (await rig.orders()).length + rig.commands.started.length;
  if (left > 0) throw new Error('a refused order left something behind');
});

const post = (body: unknown, more: RequestOptions = {}) => rig.request('POST', '/api/v1/orders', { body, ...more });
const mug = { sku: 'MUG', quantity: 2 };
const items = (...lines: object[]) => ({ ...order, items: lines });
const paidWith = (...methods: object[]) => ({ ...without('payment_method'), payment_methods: methods });
const gift = { method: 'tok_gift', amount: '10.00' };
const card = { method: 'tok_ok', amount: '15.00' };
const without = (field: string) => Object.fromEntries(Object.entries(order).filter(([name]) => name !== field));

const invalid: [string, unknown, string[]][] = [
  ['no object', [], ['']],
  ['null', 'null', ['']],
  ['an empty object', {}, ['/currency', '/items', '/payment_method', '/shipping_address']],
  ['an unknown field', { ...order, colour: 'red' }, ['/colour']],
  ['an unknown field of a line', items({ ...mug, gift: true }), ['/items/0/gift']],
  [
    'an unknown field of the address',
    { ...order, shipping_address: { ...address, 'a/b~c': 1 } },
    ['/shipping_address/a~1b~0c'],
  ],
  ['a wrong type', { ...order, notes: 5, items: 'MUG' }, ['/items', '/notes']],
  ['no lines', items(), ['/items']],
  ['51 lines', items(...Array.from({ length: 51 }, () => mug)), ['/items']],
  ['a quantity of 0', items({ sku: 'MUG', quantity: 0 }), ['/items/0/quantity']],
  ['a quantity of 10 001', items({ sku: 'MUG', quantity: 10_001 }), ['/items/0/quantity']],
  ['a broken quantity', items({ sku: 'MUG', quantity: 1.5 }), ['/items/0/quantity']],
  ['a quantity as text', items({ sku: 'MUG', quantity: '2' }), ['/items/0/quantity']],
  ['a line without a product', items({ quantity: 1 }), ['/items/0']],
  ['a line with two products', items({ ...mug, product_id: 'x' }), ['/items/0']],
  ['a total of 9.99', items({ sku: 'PENNY', quantity: 999 }), ['/items']],
  ['9 yen', { ...items({ sku: 'RICE', quantity: 1 }), currency: 'JPY' }, ['/items']],
  [
    'a total beyond what can be told',
    items(...Array.from({ length: 50 }, () => ({ sku: 'GOLD', quantity: 10_000 }))),
    ['/items'],
  ],
  ['an unknown currency', { ...order, currency: 'EURO' }, ['/currency']],
  ['a currency in lower case', { ...order, currency: 'eur' }, ['/currency']],
  ['a price with too many decimals', items({ ...mug, unit_price: '12.505' }), ['/items/0/unit_price']],
  [
    'yen with decimals',
    { ...items({ sku: 'NOODLES', quantity: 2, unit_price: '10.00' }), currency: 'JPY' },
    ['/items/0/unit_price'],
  ],
  ['a price as a number', items({ ...mug, unit_price: 12.5 }), ['/items/0/unit_price']],
  ['a negative price', items({ ...mug, unit_price: '-12.50' }), ['/items/0/unit_price']],
  ['a price with an exponent', items({ ...mug, unit_price: '1e3' }), ['/items/0/unit_price']],
  [
    'unknown products',
    items(mug, { sku: 'NONE', quantity: 1 }, { product_id: 'x', quantity: 1 }),
    ['/items/1/sku', '/items/2/product_id'],
  ],
  ['a product in another currency', { ...order, currency: 'USD' }, ['/items/0/sku']],
  ['no payment method', without('payment_method'), ['/payment_method']],
  ['both ways to pay', { ...paidWith(gift, card), payment_method: 'tok_ok' }, ['/payment_method']],
  ['no payment methods', paidWith(), ['/payment_methods']],
  [
    'six payment methods',
    paidWith(...'abcdef'.split('').map((method) => ({ method, amount: '1' }))),
    ['/payment_methods'],
  ],
  ['a payment method twice', paidWith(gift, { ...card, method: 'tok_gift' }), ['/payment_methods/1/method']],
  [
    'an amount of 0',
    paidWith({ ...gift, amount: '0.00' }, { ...card, amount: '25.00' }),
    ['/payment_methods/0/amount'],
  ],
  ['a negative amount', paidWith({ ...gift, amount: '-1' }, card), ['/payment_methods/0/amount']],
  ['an amount as a number', paidWith({ ...gift, amount: 10 }, card), ['/payment_methods/0/amount']],
  ['an amount with too many decimals', paidWith({ ...gift, amount: '10.001' }, card), ['/payment_methods/0/amount']],
  ['amounts that are too little', paidWith(gift, { ...card, amount: '14.99' }), ['/payment_methods']],
  ['amounts that are too much', paidWith(gift, { ...card, amount: '15.01' }), ['/payment_methods']],
  [
    'a card number among its payment methods',
    paidWith(gift, { ...card, method: '4242424242424242' }),
    ['/payment_methods/1/method'],
  ],
  ['no address', without('shipping_address'), ['/shipping_address']],
  ['an unknown country', { ...order, shipping_address: { ...address, country: 'UK' } }, ['/shipping_address/country']],
  ['a blank name', { ...order, shipping_address: { ...address, name: '  ' } }, ['/shipping_address/name']],
  [
    'half a billing address',
    { ...order, billing_address: { name: 'Bob' } },
    ['/billing_address/line1', '/billing_address/city', '/billing_address/country'],
  ],
  ['an unknown shipping method', { ...order, shipping_method: 'drone' }, ['/shipping_method']],
  ['a coupon', { ...order, coupon_code: 'SAVE10' }, ['/coupon_code']],
  ['long notes', { ...order, notes: 'x'.repeat(2_001) }, ['/notes']],
  ['NUL in the notes', { ...order, notes: 'a\u0000b' }, ['/notes']],
  ['half a surrogate pair', { ...order, metadata: { a: '\ud800' } }, ['/metadata/a']],
  ['metadata that is no text', { ...order, metadata: { a: 1 } }, ['/metadata/a']],
  [
    'too much metadata',
    { ...order, metadata: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, ''])) },
    ['/metadata'],
  ],
  ['a card number as payment method', { ...order, payment_method: '4242424242424242' }, ['/payment_method']],
  ['a card number in a token', { ...order, payment_method: 'tok_4242-4242-4242-4242' }, ['/payment_method']],
  ['a card number in the notes', { ...order, notes: 'pay with 4242 4242 4242 4242 please' }, ['/notes']],
  ['a card number in metadata', { ...order, metadata: { card: '378282246310005' } }, ['/metadata/card']],
  [
    'every fault at once',
    {
      ...items({ sku: 'MUG', quantity: 0 }, { ...mug, unit_price: '1.234' }),
      currency: 'EUR',
      payment_method: '',
      x: 1,
    },
    ['/items/0/quantity', '/payment_method', '/x', '/items/1/unit_price'],
  ],
];

test.each(invalid)('a body with %s is refused at the very place and leaves no order', async (_, body, pointers) => {
  const { status, headers, body: problem } = await post(body);
  expect(status).toBe(400);
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(problem).toMatchObject({ code: 'VALIDATION', status: 400, path: '/api/v1/orders' });
  expect(problem.details.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual(pointers.toSorted());
  for (const { message } of problem.details) expect(message).toMatch(/\S/);
});

test('amounts that do not add up are told together with the total', async () => {
  const { body } = await post(paidWith(gift, { ...card, amount: '14.99' }));
  expect(body.details).toEqual([
    { pointer: '/payment_methods', message: "add up to 24.99 EUR, and the order's total is 25.00 EUR" },
  ]);
});

test('malformed JSON is refused', async () => {
  const { status, body } = await post('{"items": [');
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'VALIDATION', details: [{ pointer: '' }] });
});

test('a body that is not JSON is refused with 415', async () => {
  const { status, body } = await post('a=b', { headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  expect(status).toBe(415);
  expect(body.code).toBe('VALIDATION');
});

test.each([
  ['with its length', false],
  ['in chunks', true],
])('a body over 1 MB sent %s is refused with 413', async (_, chunked) => {
  const text = JSON.stringify({ ...order, notes: 'x'.repeat(1_000_001) });
  const headers = {
    authorization: `Bearer ${await token('alice', ['customer'])}`,
    'content-type': 'application/json',
    ...(!chunked && { 'content-length': String(text.length) }),
  };
  const answer = await rig.api.request('/api/v1/orders', { method: 'POST', headers, body: text });
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({ code: 'VALIDATION', status: 413 });
});

test.each(['', 'x'.repeat(256), 'schlüssel'])('the idempotency key "%s" is refused', async (key) => {
  const { status, body } = await post(order, { headers: { 'Idempotency-Key': key } });
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'VALIDATION', details: [{ header: 'Idempotency-Key' }] });
});

test('an unknown customer is refused', async () => {
  const { status, body } = await post(order, { sub: 'nobody' });
  expect(status).toBe(400);
  expect(body).toMatchObject({ code: 'ORD001', details: [{ pointer: '/customer_id' }] });
});

test('an inactive customer is refused', async () => {
  const { status, body } = await post({ ...order, customer_id: 'ivy' }, { as: 'service', sub: 'shop' });
  expect(status).toBe(400);
  expect(body.code).toBe('ORD001');
});

test('a customer cannot order for another one', async () => {
  const { status, body } = await post({ ...order, customer_id: 'bob' });
  expect(status).toBe(403);
  expect(body.code).toBe('FORBIDDEN');
});

test('a service must say for whom it orders', async () => {
  const { status, body } = await post(order, { as: 'service', sub: 'shop' });
  expect(status).toBe(400);
  expect(body.details).toEqual([{ pointer: '/customer_id', message: 'is required' }]);
});

test.each(['inventory', 'customer'])('nothing is recorded while the %s service is away', async (service) => {
  await rig.sandbox.call('POST', '/faults', { service, operation: '*', mode: 'down' });
  const { status, headers, body } = await post(order, { headers: { 'Idempotency-Key': service } });
  await rig.sandbox.call('DELETE', '/faults');
  expect(status).toBe(503);
  expect(body.code).toBe('UNAVAILABLE');
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

test('a metadata entry called __proto__ is refused and not dropped', async () => {
  const { status, body } = await post(
    JSON.stringify({ ...order, metadata: { color: 'red' } }).replace('color', '__proto__'),
  );
  expect([status, body.code]).toEqual([400, 'VALIDATION']);
  expect(body.details).toMatchObject([{ pointer: '/metadata/__proto__', message: 'must have another name' }]);
});
