import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeFormula, unescapeFormula } from '../../src/imports/escape-formula.ts';

const formulas = [
  '=1+1',
  '=HYPERLINK("http://evil","x")',
  '+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  '\tx',
  '\r=1',
  '\rx',
  '\n=1',
  '\r\n\n@x',
  '  =1',
  '\u00a0+1+2',
  '\ufeff=1',
  ';=1+1',
  ';;  @x',
  ',=1',
  '; \n=1',
  '\uff1d1+1',
  ' \uff0b1+2',
  '\uff0d1+2',
  ';\uff20x',
  '\ufe66x',
  "'=1",
  "' =1",
];

test.each(formulas.map((formula) => [JSON.stringify(formula), formula]))('the cell %s becomes text', (_, formula) => {
  expect(escapeFormula(formula)).toMatch(/^'/);
});

test('a cell that a spreadsheet may end at a separator begins no formula in the next one', () => {
  const cells = ['a;=1', 'a; =1', 'a\n=1', 'a\t+1+2', 'a\r\n@x', 'a;b;\uff1d1', ';=1', '\n;-1+2', "a;'=1"];
  for (const cell of cells) {
    const parts = escapeFormula(cell).split(/[;\t\r\n]/);
    expect(parts.filter((part) => /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(part))).toEqual([]);
  }
});

test('numbers and plain text stay as they are', () => {
  const plain = [
    '',
    '-12.50',
    '+3',
    '12,50',
    'Tea, Assam',
    'a=b',
    'a - b',
    '2 × MUG; 3 × TEA',
    "O'Brien",
    'x@example.com',
  ];
  expect(plain.map(escapeFormula)).toEqual(plain);
});

test('any text comes back exactly as it was', () => {
  const text = fc.string({ unit: fc.constantFrom(...Array.from('=+-@;,\'" \t\r\na1.\uff1d\u00a0')), maxLength: 12 });
  fc.assert(
    fc.property(text, (cell) => {
      expect(unescapeFormula(escapeFormula(cell))).toBe(cell);
    }),
    { numRuns: 2_000 },
  );
});
