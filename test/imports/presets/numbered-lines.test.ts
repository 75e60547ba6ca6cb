import { expect, test } from 'vitest';
import { describeReading } from '../../../src/imports/describe-reading.ts';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

const given = {
  name: 'wide-shop',
  title: 'One row an order, every line in columns of its own',
  columns: { order_reference: 'Order', country: 'Land', shipping: 'Freight', total: 'Total' },
  packed: {
    kind: 'numbered',
    fields: {
      sku: 'Product {n} SKU',
      product_name: 'Product {n} Name',
      quantity: 'Product {n} Qty',
      unit_price: 'Product {n} Price',
    },
  },
  defaults: { payment_state: 'PAID' },
};

const lineColumns = (number: number) => ['SKU', 'Name', 'Qty', 'Price'].map((name) => `Product ${number} ${name}`);
const header = ['Order', 'Land', 'Freight', ...[1, 2, 10].flatMap(lineColumns), 'Total'];
const mug = {
  Land: 'US',
  'Product 1 SKU': 'MUG-1',
  'Product 1 Name': 'Mug',
  'Product 1 Qty': '2',
  'Product 1 Price': '12,50',
};

const read = (...rows: Record<string, string>[]) =>
  readText(table(header, rows, ';'), {
    preset: readPresetFile(JSON.stringify(given)),
    defaults: { currency: 'EUR' },
  });

test('lines that have columns of their own are read by their numbers, and those of which nothing is filled are none', async () => {
  const found = await read(
    {
      ...mug,
      Order: '1',
      Freight: '5,00',
      'Product 10 SKU': 'BOARD-1',
      'Product 10 Qty': '1',
      'Product 10 Price': '20,00',
      Total: '50,00',
    },
    { ...mug, Order: '2', 'Product 2 Qty': '0', 'Product 2 Price': '0,00', Total: '25,00' },
  );
  expect([...found.faults]).toEqual([]);
  expect(tell(found)).toEqual([
    '1: 2 MUG-1 at 12.50; 1 BOARD-1 at 20.00; shipping 5.00 = 50.00 EUR, OPEN, PAID',
    '2: 2 MUG-1 at 12.50 = 25.00 EUR, OPEN, PAID',
  ]);
  expect(describeReading(found.format).columns).toMatchObject({
    quantity: ['Product 1 Qty', 'Product 2 Qty', 'Product 10 Qty'],
  });
});

test('what is wrong with a numbered line is told with its column', async () => {
  const found = await read(
    { ...mug, Order: '1', 'Product 2 Qty': '2', 'Product 2 Price': '1,00', Total: '27,00' },
    { ...mug, Order: '2', 'Product 2 SKU': 'LAMP', 'Product 2 Qty': 'two', 'Product 2 Price': '1,00', Total: '27,00' },
    { Land: 'US', Order: '3', Total: '0,00' },
    {
      ...mug,
      Order: '4',
      'Product 2 SKU': '4111111111111111',
      'Product 2 Qty': '1',
      'Product 2 Price': '1,00',
      Total: '26,00',
    },
  );
  expect([...found.faults.values()]).toMatchObject([
    [{ line: 2, column: 'Product 2 SKU', message: 'names no product' }],
    [{ line: 3, column: 'Product 2 Qty', message: '"two" is no number' }],
    [{ line: 4, message: 'has no line that names a product' }],
    [{ line: 5, message: expect.stringMatching(/card number/) }],
  ]);
});

test('a header without numbered columns, or with a number twice, is refused', async () => {
  const preset = readPresetFile(JSON.stringify(given));
  await expect(readText('Order;Land\n1;DE\n', { preset })).rejects.toThrow(/usual header is Product \{n\} SKU/);
  await expect(readText('Order;Product 1 SKU;Product 01 SKU;Product 1 Qty\n1;A;B;1\n', { preset })).rejects.toThrow(
    /"Product 1 SKU" and "Product 01 SKU" have the same number/,
  );
  const unnumbered = { ...given, packed: { kind: 'numbered', fields: { sku: 'Product SKU' } } };
  expect(() => readPresetFile(JSON.stringify(unnumbered))).toThrow(/packed\/fields\/sku: must have \{n\} once/);
});
