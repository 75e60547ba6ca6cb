import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import { expect, test } from 'vitest';
import { environment } from '../../src/config/environment.ts';
import { createKeyRing, DecryptionError } from '../../src/key-ring.ts';
import { createPayloadCodec } from '../../src/temporal/payload-codec.ts';

const a = ['a', randomBytes(32)] as const;
const b = ['b', randomBytes(32)] as const;

const old = createPayloadCodec(createKeyRing([a]));
const rotated = createPayloadCodec(createKeyRing([b, a]));
const onlyNew = createPayloadCodec(createKeyRing([b]));

const values = [{ reason: 'canary', n: 1 }, 'canary', null, undefined, new Uint8Array([1, 2]), ''];
const plain = values.map((value) => defaultPayloadConverter.toPayload(value));
const read = (payloads: Parameters<typeof defaultPayloadConverter.fromPayload>[0][]) =>
  payloads.map((payload) => defaultPayloadConverter.fromPayload(payload));

test('what was encrypted is read again, with its encoding, and the first key encrypts', async () => {
  const encoded = await rotated.encode(plain);
  for (const { metadata, data } of encoded) {
    expect(Buffer.from(metadata!['encryption-key-id']!).toString()).toBe('b');
    expect(Buffer.from(data!).includes('canary')).toBe(false);
  }
  expect(read(await rotated.decode(encoded))).toEqual(values);
  expect(read(await onlyNew.decode(encoded))).toEqual(values);
});

test('payloads of an old key, and those that are not encrypted, are read after a rotation', async () => {
  expect(read(await rotated.decode(await old.encode(plain)))).toEqual(values);
  expect(read(await rotated.decode(plain))).toEqual(values);
  expect(await old.decode(await old.encode([]))).toEqual([]);
});

test('the same value is never encrypted to the same bytes twice', async () => {
  const encoded = await old.encode([plain[0]!, plain[0]!]);
  expect(encoded[0]!.data).not.toEqual(encoded[1]!.data);
});

test.each([
  ['its key is missing', onlyNew, 'no key "a"'],
  [
    'another key has its id',
    createPayloadCodec(createKeyRing([['a', randomBytes(32)]])),
    'another key under the id "a"',
  ],
])('a payload is not decrypted when %s, and the message names PAYLOAD_KEYS', async (_, codec, why) => {
  const reading = codec.decode(await old.encode(plain));
  await expect(reading).rejects.toThrow(DecryptionError);
  await expect(reading).rejects.toThrow(why);
  await expect(reading).rejects.toThrow('PAYLOAD_KEYS');
});

test.each([
  ['a byte is changed', (data: Uint8Array) => data.with(20, data[20]! ^ 1)],
  ['it is cut off', (data: Uint8Array) => data.subarray(0, 20)],
  ['it is empty', () => new Uint8Array()],
])('a payload is not decrypted when %s', async (_, damage) => {
  const [payload] = await old.encode([plain[0]!]);
  const damaged = { ...payload!, data: damage(new Uint8Array(payload!.data!)) };
  await expect(old.decode([damaged])).rejects.toThrow(DecryptionError);
});

const key = (bytes: number) => randomBytes(bytes).toString('base64');

test.each([`k1=${key(32)}`, ` k1=${key(32)} , k-2.x_=${key(32)} `])('keys are read from %s', (text) => {
  const { PAYLOAD_KEYS: ring } = environment.parse({ PAYLOAD_KEYS: text });
  expect(ring?.current).toBe('k1');
  expect(ring?.keys.size).toBe(text.split(',').length);
});

const good = key(32);

test.each([
  ['k1=not base64!', 'key 1'],
  [`k1=${key(16)}`, '("k1") has 16 bytes, and must have 32'],
  [`k1=${key(33)}`, '("k1") has 33 bytes, and must have 32'],
  [`k1=${good.slice(0, -1)}`, '("k1") is not base64'],
  [`k1=${good},k1=${key(32)}`, 'has the key "k1" twice'],
  [`k1=${good},`, 'key 2 is not an id and a key'],
  [good, 'key 1'],
  [`=${good}`, 'key 1'],
  [`k 1=${good}`, 'key 1'],
])('PAYLOAD_KEYS of %s is refused, without a key in the message', (text, why) => {
  const { error } = environment.safeParse({ PAYLOAD_KEYS: text });
  expect(error?.issues[0]).toMatchObject({ path: ['PAYLOAD_KEYS'], message: expect.stringContaining(why) });
  expect(error?.message).not.toContain(good.slice(4, -4));
});
