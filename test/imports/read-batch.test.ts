import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { orderRequestSchema } from '../../src/orders/order-request.ts';
import { readBatch } from '../../src/imports/read-batch.ts';

async function* pieces(text: string | Buffer, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string | Buffer, size = 7) => readBatch(pieces(text, size), z.unknown());

const sent = {
  customer_id: 'alice',
  currency: 'EUR',
  items: [{ sku: 'MUG', quantity: 2 }],
  payment_method: 'tok_ok',
  shipping_address: { name: 'Alice', line1: '1 Road', city: 'London', postal_code: 'N1 9GU', country: 'GB' },
};

const orderSchema = orderRequestSchema({ maxItems: 50, shippingRates: { standard: '0' } });
const readOrders = (orders: readonly object[]) => readBatch(pieces(JSON.stringify({ orders }), 1_000), orderSchema);

const hash = async (text: string) => (await read(text)).hash;

describe('a batch', () => {
  test('is read the same however it comes, and whatever is in its texts', async () => {
    const order = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 3 }));
    const orders = fc.array(order, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(orders, fc.nat(3), fc.integer({ min: 1, max: 50 }), async (given, indent, size) => {
        const text = JSON.stringify(given);
        fc.pre(!/\\u0000|\\ud|order_reference/.test(text));
        const batch = await read(JSON.stringify({ orders: given }, undefined, indent), size);
        expect(batch.orders.map(({ json }) => JSON.parse(json) as unknown)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('has the hash of what its orders say, not of how they are written', async () => {
    const one = await hash('{"orders":[{"a":1,"b":"x","order_reference":"r"},{}]}');
    expect(await hash(' {"orders" : [ {"order_reference":"r","b":"\\u0078","a":1.0} , { } ] }\n')).toBe(one);
    expect(await hash('{"orders":[{"a":1,"b":"x","order_reference":"s"},{}]}')).not.toBe(one);
    expect(await hash('{"orders":[{},{"a":1,"b":"x","order_reference":"r"}]}')).not.toBe(one);
  });

  test.each([
    ['', ''],
    ['{', ''],
    ['{"orders":[{}', ''],
    ['{"orders":[{}]', ''],
    ['{"orders":[{}]}}', ''],
    ['{"orders":[{}]]', ''],
    ['{"orders":[{},]}', ''],
    ['{"orders":[,{}]}', ''],
    ['{"orders":[{}}', ''],
    ['{"orders":[{} {}]}', '/orders/0'],
    ['{"orders":[{"a":}]}', '/orders/0'],
    ['{"orders":[{"a"]}]}', '/orders/0'],
    ['{"orders":[{},nonsense]}', '/orders/1'],
    ['[{}]', ''],
    ['"orders"', ''],
    ['{"orders":[]}', '/orders'],
    ['{"orders":{}}', '/orders'],
    ['{"orders":{"a":[{}]}}', '/orders'],
    ['{}', '/orders'],
    ['{"orders":[1]}', '/orders/0'],
    ['{"orders":[[]]}', '/orders/0'],
    ['{"orders":[{},"{}"]}', '/orders/1'],
    ['{"orders":[{}],"more":1}', '/more'],
    ['{"more":[{}],"orders":[{}]}', '/more'],
    [`{"orders":[{"order_reference":"${'x'.repeat(201)}"}]}`, '/orders/0/order_reference'],
    ['{"orders":[{"a":"\\u0000"}]}', '/orders/0'],
    [`{"orders":[${Array.from({ length: 1_001 }, () => '{}').join()}]}`, '/orders'],
    [`{"orders":[{},{"a":"${'x'.repeat(256_000)}"}]}`, '/orders/1'],
    [`{"orders":[{},{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}]}`, '/orders/1'],
    [`{${Array.from({ length: 5_000 }, (_, n) => `"k${n}":1`).join()}}`, ''],
  ])('that is none is refused where it is at fault: %.40s', async (text, pointer) => {
    for (const size of [1, 5, 60_000]) {
      await expect(read(text, size)).rejects.toMatchObject({ code: 'VALIDATION', details: [{ pointer }] });
    }
  });

  test('keeps a field called __proto__, for its order to be refused, and looks into it', async () => {
    expect((await read('{"orders":[{"__proto__":{"a":1}}]}')).orders[0]?.json).toBe('{"__proto__":{"a":1}}');
    await expect(read('{"orders":[{"__proto__":{"a":"\\u0000"}}]}')).rejects.toMatchObject({ code: 'VALIDATION' });
  });

  test('keeps no card number and no security code of an order that has one, and says where it was', async () => {
    const { orders } = await readOrders([
      sent,
      {
        ...sent,
        notes: 'pay with 4000-0566/5566 5556',
        cvc: '737',
        card: { number: 4_000_056_655_665_556, cvv: 737 },
      },
      { ...sent, shipping_address: { ...sent.shipping_address, line2: '５１０５１０５１０５１０５１００' } },
      { ...sent, metadata: { '6011000990139424': '1', cvc: '737' } },
      { ...sent, items: [{ sku: '371449635398431', quantity: 1, unit_price: 5_105_105_105_105_100 }] },
    ]);
    const kept = JSON.stringify(orders);
    expect(kept.replaceAll(/[^\p{Nd}]/gu, '')).not.toMatch(/400005665566|５１０５/);
    expect(kept).not.toMatch(/737|4_?000_?056|６|60110009|37144963/);
    expect(orders.map(({ failure }) => failure?.details.map(({ pointer }) => pointer))).toEqual([
      undefined,
      expect.arrayContaining(['/notes', '/cvc', '/card']),
      ['/shipping_address/line2'],
      ['/metadata/************9424'],
      expect.arrayContaining(['/items/0/sku', '/items/0/unit_price']),
    ]);
    expect(JSON.parse(orders[0]?.json ?? '')).toEqual(sent);
    expect(JSON.parse(orders[1]?.json ?? '')).toMatchObject({ currency: 'EUR', notes: 'pay with ****-****/**** 5556' });
  });

  test('refuses a reference that holds a card number, before any of it is kept', async () => {
    await expect(readOrders([{ ...sent, order_reference: 'R 4242.4242.4242.4242' }])).rejects.toMatchObject({
      details: [{ pointer: '/orders/0/order_reference' }],
    });
  });

  test('that is not UTF-8 is refused', async () => {
    const text = Buffer.concat([Buffer.from('{"orders":[{"a":"'), Buffer.from([0xe9]), Buffer.from('"}]}')]);
    await expect(read(text)).rejects.toMatchObject({
      details: [{ pointer: '/orders/0', message: 'must be valid UTF-8' }],
    });
  });
});
