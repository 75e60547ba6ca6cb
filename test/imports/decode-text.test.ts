import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeText, findEncoding, type Encoding } from '../../src/imports/decode-text.ts';

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

test('accented letters of Windows-1252 are read, or refused, alike wherever chunks cut them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'È', 'ç', 'ô', ','), minLength: 3 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      async (text, sizes) => {
        const bytes = Buffer.from(text, 'latin1');
        const outcome = async (given: readonly number[]) => await decode(bytes, undefined, given).catch(String);
        expect(await outcome(sizes)).toBe(await outcome([bytes.length]));
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

/** `Paweł`, `Małgorzata`, `Иван`, `Γιώργος`, `東京`, `Müller`, `España` as spreadsheets of other places write them. */
const elsewhere: readonly [Encoding, string, readonly number[]][] = [
  ['windows-1250', 'Małgorzata', [0x4d, 0x61, 0xb3, 0x67, 0x6f, 0x72, 0x7a, 0x61, 0x74, 0x61]],
  ['windows-1251', 'Иван', [0xc8, 0xe2, 0xe0, 0xed]],
  ['windows-1253', 'Γιώργος', [0xc3, 0xe9, 0xfe, 0xf1, 0xe3, 0xef, 0xf2]],
  ['shift_jis', '東京', [0x93, 0x8c, 0x8b, 0x9e]],
  ['macintosh', 'Müller', [0x4d, 0x9f, 0x6c, 0x6c, 0x65, 0x72]],
  ['macintosh', 'España', [0x45, 0x73, 0x70, 0x61, 0x96, 0x61]],
];

test.each(elsewhere)(
  'text of %s such as %s is read where that is stated, and not taken for Windows-1252',
  async (encoding, word, bytes) => {
    const file = Buffer.concat([Buffer.from('name\n'), Buffer.from(bytes), Buffer.from(',1\n')]);
    for (const size of [1, 2, 3, 1_000]) {
      expect(await decode(file, encoding, [size])).toBe(`name\n${word},1\n`);
      await expect(decode(file, undefined, [size])).rejects.toThrow(/charset, such as windows-1250/);
    }
  },
);

test('words with accents, quotes and dashes of Windows-1252 are read as such', async () => {
  const text = 'Zoë O’Neill,Šimek,ÄÖÜ,„Ärzte“ – §5,n° 4,1990–2000,5 m² £3 ¿Qué? œuvre\n';
  const signs: Readonly<Record<string, number>> = { '’': 0x92, Š: 0x8a, '„': 0x84, '“': 0x93, '–': 0x96, œ: 0x9c };
  const bytes = Buffer.from(Array.from(text, (one) => signs[one] ?? one.charCodeAt(0)));
  for (const size of [1, 3, 1_000]) expect(await decode(bytes, undefined, [size])).toBe(text);
});

test('an encoding is found by the names that people give it', () => {
  const found = ['UTF8', 'us-ascii', 'latin1', 'cp1250', 'cp932', 'SJIS', 'macroman', 'UTF-16', 'klingon'].map(
    findEncoding,
  );
  expect(found).toEqual([
    'utf-8',
    'utf-8',
    'windows-1252',
    'windows-1250',
    'shift_jis',
    'shift_jis',
    'macintosh',
    'utf-16le',
    undefined,
  ]);
});

test.each<[string, Uint8Array, Encoding]>([
  ['UTF-16 that ends inside a character', Buffer.from('\ufeffa,b\n', 'utf16le').subarray(0, -1), 'utf-16le'],
  ['UTF-16 with half a surrogate pair', Buffer.from('\ufeffa,\ud800,b\n', 'utf16le'), 'utf-16le'],
  ['UTF-8 with a stray byte', Buffer.from('a,\xe9\n', 'latin1'), 'utf-8'],
])('%s is refused where its encoding is stated', async (_name, bytes, stated) => {
  await expect(decode(bytes, stated)).rejects.toThrow(/charset/);
});
