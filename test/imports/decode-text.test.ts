import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, type Encoding } from '../../src/imports/decode-text.ts';

async function decode(bytes: Uint8Array, stated?: Encoding, sizes: readonly number[] = [bytes.length || 1]) {
  let text = '';
  for await (const piece of decodeText(inChunks(bytes, sizes), stated)) text += piece;
  return text.replace('\ufeff', '');
}

async function* inChunks(bytes: Uint8Array, sizes: readonly number[]) {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const euro = 'name,city\nZoë,Köln €5\n';

test.each<[string, Uint8Array, Encoding | undefined]>([
  ['UTF-8', Buffer.from(euro), undefined],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${euro}`), undefined],
  ['UTF-16 little endian with a mark', Buffer.from(`\ufeff${euro}`, 'utf16le'), undefined],
  ['UTF-16 big endian with a mark', Buffer.from(`\ufeff${euro}`, 'utf16le').swap16(), undefined],
  ['Windows-1252', Buffer.from(euro.replace('€', '\x80'), 'latin1'), undefined],
  ['Windows-1252 that says so', Buffer.from(euro.replace('€', '\x80'), 'latin1'), 'windows-1252'],
])('%s is read whatever the chunks', async (_name, bytes, stated) => {
  for (const size of [1, 2, 3, 5, 1_000]) expect(await decode(bytes, stated, [size])).toBe(euro);
});

test('UTF-8 text is decoded as it was, wherever chunks cut it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', minLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (text, sizes) => {
        fc.pre(!/[\0\ufeff]/.test(text) && text.isWellFormed());
        expect(await decode(Buffer.from(`x${text}`), undefined, sizes)).toBe(`x${text}`);
      },
    ),
  );
});

test.each<[string, Uint8Array, RegExp]>([
  ['a spreadsheet', Buffer.from('PK\x03\x04rest of it'), /save it as CSV/],
  ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0, 0]), /save it as CSV/],
  ['bytes with NUL', Buffer.from('a,b\n1,\0\n'), /NUL/],
  ['UTF-8 with a stray byte behind', Buffer.concat([Buffer.from('Zoë,Köln\n'), Buffer.from([0xe9, 0x0a])]), /charset/],
  ['UTF-8 with a stray byte before', Buffer.concat([Buffer.from([0xe9, 0x0a]), Buffer.from('Zoë,Köln\n')]), /charset/],
  ['a UTF-8 mark and a stray byte', Buffer.concat([Buffer.from('\ufeffa,b\n'), Buffer.from([0xe9, 0x0a])]), /charset/],
  ['a byte that Windows-1252 does not have', Buffer.from('a,b\n\x81,\xe9\n', 'latin1'), /charset/],
  ['a mixture of encodings', Buffer.concat([Buffer.from('ä,'.repeat(40_000)), Buffer.from([0xe4, 0x2c])]), /charset/],
])('%s is refused', async (_name, bytes, message) => {
  for (const size of [1, 2, 7, 1_000]) await expect(decode(bytes, undefined, [size])).rejects.toThrow(message);
});

test.each<[string, Uint8Array, Encoding]>([
  ['UTF-16 that ends inside a character', Buffer.from('\ufeffa,b\n', 'utf16le').subarray(0, -1), 'utf-16le'],
  ['UTF-16 with half a surrogate pair', Buffer.from('\ufeffa,\ud800,b\n', 'utf16le'), 'utf-16le'],
  ['UTF-8 with a stray byte', Buffer.from('a,\xe9\n', 'latin1'), 'utf-8'],
])('%s is refused where its encoding is stated', async (_name, bytes, stated) => {
  await expect(decode(bytes, stated)).rejects.toThrow(/charset/);
});
