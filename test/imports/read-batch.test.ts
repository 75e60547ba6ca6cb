import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBatch } from '../../src/imports/read-batch.ts';

async function* pieces(text: string | Buffer, size: number) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string | Buffer, size = 7) => readBatch(pieces(text, size));

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

  test('that is not UTF-8 is refused', async () => {
    const text = Buffer.concat([Buffer.from('{"orders":[{"a":"'), Buffer.from([0xe9]), Buffer.from('"}]}')]);
    await expect(read(text)).rejects.toMatchObject({
      details: [{ pointer: '/orders/0', message: 'must be valid UTF-8' }],
    });
  });
});
