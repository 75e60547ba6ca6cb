import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holdsCardNumber, maskCardNumbers } from '../../src/domain/card-number.ts';

/** Numbers that issuers and payment services publish for tests. */
const testNumbers = `
  4242424242424242 4000056655665556 4111111111111111 4012888888881881 4222222222222 4988438843884305
  5555555555554444 2223003122003222 5200828282828210 5105105105105100 2720992593319364 378282246310005
  371449635398431 341111111111111 6011111111111117 6011000990139424 6011981111111113 6445644564456445
  6555900000604105 3056930009020004 36227206271667 30569309025904 38520000023237 3566002020360505
  3530111333300000 6200000000000005 6205500000000000004 8171999927660000 6304000000000000 6759649826438453
  6771798021000008 6799990100000000019 5019717010103742 6304000000000000000 2200000000000004 6362970000457013
  6062826786276634 6370950000000005 9792020000000001
`
  .trim()
  .split(/\s+/);

const separators = [
  ' ',
  '-',
  '/',
  '.',
  ',',
  '_',
  ':',
  ';',
  '|',
  '*',
  '~',
  '\\',
  '\t',
  '\n',
  '\u00a0',
  '\u2009',
  '\u2013',
  '\u2014',
  '\u2022',
  '\u00b7',
  ' - ',
  '  --  ',
  ', ',
  ' / ',
  '\r\n',
  ')(',
  '\u3000',
  '\uff0d',
];
const unseen = ['\u200b', '\u200c', '\u200d', '\u2060', '\u00ad', '\ufeff', '\u202e', '\ufe0f', '\u3164'];
const zeros = [0x660, 0x6f0, 0x966, 0xe50, 0xff10, 0x1d7ce, 0x1d7f6, 0x1fbf0];

const grouped = (number: string, sizes: readonly number[]) => {
  const groups: string[] = [];
  for (let at = 0, turn = 0; at < number.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    groups.push(number.slice(at, at + size));
    at += size;
  }
  return groups;
};

const disguises: readonly ((number: string) => string)[] = [
  ...separators.map((separator) => (number: string) => grouped(number, [4]).join(separator)),
  ...unseen.map((character) => (number: string) => Array.from(number).join(character)),
  ...zeros.map(
    (zero) => (number: string) => number.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit))),
  ),
  (number) => Array.from(number).join(' '),
  (number) => grouped(number, [2]).join('-'),
  (number) => grouped(number, [3]).join(' '),
  (number) => grouped(number, [5]).join('.'),
  (number) => grouped(number, [4, 6, 5]).join(' '),
  (number) => grouped(number, [6, 13]).join(' '),
  (number) => `tok_${number}`,
  (number) => `card:${number};12/27;123`,
  (number) => `room 12 ${grouped(number, [4]).join(' ')} 99, thanks`,
  (number) => `+44 20 7946 0958, ${number}`,
];

describe('a card number', () => {
  test.each(testNumbers)('of an issuer, %s, is noticed in every disguise, and masked in it', (number) => {
    expect(disguises.length).toBeGreaterThan(50);
    const passed = disguises.map((disguise) => disguise(number)).filter((text) => !holdsCardNumber(text));
    expect(passed).toEqual([]);
    const shown = disguises
      .map((disguise) => maskCardNumbers(disguise(number)))
      .filter((text) => holdsCardNumber(text));
    expect(shown).toEqual([]);
  });

  test('in any groups is noticed', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.constantFrom(...testNumbers), sizes, fc.constantFrom(...separators), (number, size, separator) => {
        expect(holdsCardNumber(`paid with ${grouped(number, size).join(separator)}, thanks`)).toBe(true);
      }),
    );
  });

  test('is masked but for its last four digits, and nothing else is', () => {
    expect(maskCardNumbers('pay 4242 4242-4242/4242, room 12')).toBe('pay **** ****-****/4242, room 12');
    expect(maskCardNumbers('\u{1f600}4\u200b24242424242424\uff12!')).toBe('\u{1f600}*\u200b***********424\uff12!');
    expect(maskCardNumbers('378282246310005 and 4111111111111111')).toBe('***********0005 and ************1111');
    expect(maskCardNumbers('order 404-1234567-1234567')).toBe('order 404-1234567-1234567');
  });

  test.each([
    'tok_ok',
    '4242424242424241',
    '0000000000000000',
    '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11',
    '01900000-0000-7000-8000-000000000001',
    '2010-12-01 08:26:00',
    '+44 20 7946 0958',
    '+4242424242424',
    '+49 (0) 36 22720 6271667',
    '42424242424242424242424242',
    '4242 4242',
    '4242 apples and 424242424242 pears',
    '404-3056930-9025904',
    '622-1234567-1234568',
    '4006381333931',
    '',
  ])('is not seen in "%s"', (text) => {
    expect(holdsCardNumber(text)).toBe(false);
    expect(maskCardNumbers(text)).toBe(text);
  });
});

describe('an id of random digits', () => {
  /** The share of numbers of a length that are in an issuer's range. */
  const ranges: Readonly<Record<number, number>> = {
    13: 0.1 + 0.0009,
    14: 0.0007 + 0.037 + 0.0009,
    15: 0.02 + 0.0002 + 0.0009,
    16: 0.1 + 0.05 + 0.05 + 0.037 + 0.0062 + 0.04 + 0.1 + 0.02 + 0.0005 + 0.0003,
    17: 0.0062 + 0.01 + 0.0001 + 0.016 + 0.0009 + 0.02 + 0.0005,
    18: 0.1 + 0.0062 + 0.04 + 0.1 + 0.02 + 0.0005,
    19: 0.1 + 0.037 + 0.0062 + 0.04 + 0.1 + 0.02 + 0.0005,
  };

  test.each(Object.entries(ranges))(
    'of length %s is taken for a card number no oftener than range and check digit give',
    (length, share) => {
      const tries = 20_000;
      let taken = 0;
      let seed = Number(length);
      for (let n = 0; n < tries; n += 1) {
        let id = '';
        while (id.length < Number(length)) id += String((seed = (seed * 48_271) % 2_147_483_647)).slice(-3);
        if (holdsCardNumber(id.slice(0, Number(length)))) taken += 1;
      }
      expect(taken / tries).toBeLessThan((share / 10) * 1.3 + 0.0015);
      expect(taken / tries).toBeGreaterThan((share / 10) * 0.7 - 0.0015);
    },
  );
});

describe('a UUID', () => {
  test('is no card number, whatever its digits', () => {
    const ids = ['b48e4e1c-4c5e-4b0e-8254-836288897179', '01A21A0E-9B3B-7252-91F6-763902171039'];
    for (const id of ids) {
      expect(holdsCardNumber(id)).toBe(false);
      expect(maskCardNumbers(`order ${id} placed`)).toBe(`order ${id} placed`);
    }
    fc.assert(fc.property(fc.uuid(), (id) => !holdsCardNumber(id)));
  });

  test('hides no card number that stands beside it or has its form alone', () => {
    const id = '01a21a0e-98e7-78cd-8254-836288897179';
    expect(holdsCardNumber(`${id} 4242 4242 4242 4242`)).toBe(true);
    expect(holdsCardNumber(`4242-4242-4242-4242-${id}`)).toBe(true);
    expect(holdsCardNumber('00000000-0000-4242-4242-424242424242')).toBe(true);
  });
});
