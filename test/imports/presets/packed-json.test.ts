import { expect, test } from 'vitest';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

const basic = {
  name: 'json-shop',
  title: 'Lines in JSON',
  columns: {
    order_reference: 'No',
    currency: 'Currency',
    country: { value: 'DE' },
    discount: 'Rebate',
    total: 'Sum',
    placed_at: 'Created',
  },
  defaults: { payment_state: 'PAID' },
};

/** Reads orders whose lines are JSON, each with what its other columns say. */
function readOrders(
  orders: readonly (readonly [json: unknown, more?: Readonly<Record<string, string>>])[],
  more: Readonly<Record<string, unknown>>,
) {
  const rows = orders.map(([json, own], index) => ({
    No: String(index + 1),
    Currency: 'EUR',
    Items: `"${(typeof json === 'string' ? json : JSON.stringify(json)).replaceAll('"', '""')}"`,
    ...own,
  }));
  const text = table(['No', 'Currency', 'Items', 'Rebate', 'Sum', 'Created'], rows);
  return readText(text, { preset: readPresetFile(JSON.stringify({ ...basic, ...more })) });
}

const fields = { product_id: 'id', sku: 'item.code', quantity: 'n', unit_price: 'price' };

test('lines in JSON are read with all digits that are written, as a list or by their ids', async () => {
  const packed = { kind: 'json', columns: ['Items'], list: 'lines', fields };
  const read = await readOrders(
    [
      ['{"lines": [{"id": 900719925474099312, "n": 2, "price": 1.234}, {"id": "7", "n": "1", "price": "2.50"}]}'],
      [{ lines: { 11: { id: 11, item: { code: 'MUG' }, n: 3, price: 1 } } }],
    ],
    { packed },
  );
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '1: 2 900719925474099312 at 1.24 -0.01; 1 7 at 2.50 = 4.97 EUR, OPEN, PAID',
    '2: 3 MUG at 1.00 = 3.00 EUR, OPEN, PAID',
  ]);
});

test('a cell that is no list of objects is a fault that names it', async () => {
  const packed = { kind: 'json', columns: ['Items'], fields };
  const read = await readOrders([['[{"n": 1'], ['[1, 2]'], ['"MUG"'], [{ lines: 1 }]], { packed });
  expect(read.faults.size).toBe(4);
  expect(read.faults.get('1')).toMatchObject([{ line: 2, message: '"Items" is no JSON with a list of lines' }]);
});

test('amounts in minor units are those of the currency of the order', async () => {
  const packed = { kind: 'json', columns: ['Items'], fields };
  const read = await readOrders(
    [
      [[{ id: 'MUG', n: 2, price: 1490 }], { Sum: '2980' }],
      [[{ id: 'MUG', n: 2, price: 1490 }], { Currency: 'JPY' }],
      [[{ id: 'MUG', n: 2, price: 1490 }], { Currency: 'KWD' }],
      [[{ id: 'MUG', n: 2, price: 1490 }], { Sum: '29.80' }],
    ],
    { packed, amounts: { minor_units: true } },
  );
  expect(tell(read)).toEqual([
    '1: 2 MUG at 14.90 = 29.80 EUR, OPEN, PAID',
    '2: 2 MUG at 1490 = 2980 JPY, OPEN, PAID',
    '3: 2 MUG at 1.490 = 2.980 KWD, OPEN, PAID',
  ]);
  expect(read.faults.get('4')).toMatchObject([{ message: expect.stringMatching(/29\.80 EUR.*0\.30 EUR/) }]);
});

test('percentages of tax are those of each line, and of a discount of the order where all lines have the same', async () => {
  const packed = { kind: 'json', columns: ['Items'], fields: { ...fields, line_tax_rate: 'vat' } };
  const mug = { id: 'MUG', n: 2, price: '11.90', vat: 19 };
  const book = { id: 'BOOK', n: 1, price: '10.70', vat: '7 %' };
  const orders = [
    [[mug, book], { Sum: '34.50' }],
    [[mug, book], { Sum: '39.77' }],
    [[mug], { Rebate: '11.90', Sum: '11.90' }],
    [[mug, book], { Rebate: '5.00', Sum: '29.50' }],
    [[{ ...mug, vat: 'full' }], { Sum: '23.80' }],
  ] as const;
  const read = await readOrders(orders, { packed });
  expect(tell(read)).toEqual([
    '1: 2 MUG at 11.90; 1 BOOK at 10.70; tax 4.50 included = 34.50 EUR, OPEN, PAID',
    '2: 2 MUG at 11.90; 1 BOOK at 10.70; tax 5.27 on top = 39.77 EUR, OPEN, PAID',
    '3: 2 MUG at 11.90; discount 11.90; tax 1.90 included = 11.90 EUR, OPEN, PAID',
  ]);
  expect(read.faults.get('4')).toMatchObject([{ message: expect.stringContaining('column.line_tax_rate=-') }]);
  expect(read.faults.get('5')).toMatchObject([{ line: 6, message: '"full" is no number' }]);
});

test('times are counted from 1970 where a preset says so, and 0 is none', async () => {
  const packed = { kind: 'json', columns: ['Items'], fields };
  const items = [{ id: 'MUG', n: 1, price: 5 }];
  const created = ['1770977640', '1770977640.5', '0', '2026-02-13', '1770977640000'];
  const orders = created.map((Created) => [items, { Created }] as const);
  const { orders: read, faults } = await readOrders(orders, { packed, dates: { unix: 'seconds' } });
  expect([...read.values()].map(({ placedAt }) => placedAt?.toISOString() ?? null)).toEqual([
    '2026-02-13T10:14:00.000Z',
    '2026-02-13T10:14:00.500Z',
    null,
    '2026-02-13T00:00:00.000Z',
  ]);
  expect(faults.get('5')).toMatchObject([{ column: 'Created', message: expect.stringContaining('dates.unix') }]);
  const inMs = await readOrders(orders.slice(4), { packed, dates: { unix: 'milliseconds' } });
  expect(inMs.orders.get('1')?.placedAt).toEqual(new Date('2026-02-13T10:14:00Z'));
});
