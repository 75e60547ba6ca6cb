import { expect, test } from 'vitest';
import { mapColumns } from '../../src/domain/import-columns.ts';

test.each(
  [['order_reference', 'order_ref', 'order', 'order_number', 'invoice', 'InvoiceNo', 'Invoice', 'Order No.']].flat(),
)('%s names the order', (header) => {
  expect(mapColumns([header, 'sku', 'qty'], {}).columns).toEqual({ order_reference: 0, sku: 1, quantity: 2 });
});

test.each(['sku', 'SKU', 'product', 'StockCode', 'Stock Code'])('%s names the product', (header) => {
  expect(mapColumns(['order', header, 'Quantity'], {}).columns).toEqual({ order_reference: 0, sku: 1, quantity: 2 });
});

test.each([
  ['unit_price', 'UnitPrice'],
  ['unit_price', 'Price'],
  ['customer_id', 'CustomerID'],
  ['customer_id', 'Customer ID'],
  ['customer_id', 'customer'],
  ['country', 'Country'],
  ['postal_code', 'Post Code'],
  ['product_id', 'product_id'],
])('%s is found by the header %s', (field, header) => {
  expect(mapColumns(['order', 'sku', 'qty', header], {}).columns).toMatchObject({ [field]: 3 });
});

test.each([
  ['line1', 'shipping_line1', 'address'],
  ['sku', 'sku', 'product'],
  ['quantity', 'qty', 'quantity'],
  ['unit_price', 'unit_price', 'price'],
  ['country', 'country', 'shipping_country'],
  ['order_reference', 'order_number', 'invoice'],
])('of two headers for %s, "%s" and "%s", none is chosen unless the caller names it', (field, one, other) => {
  const rest = ['order', 'sku', 'qty'].filter(
    (name) => !(mapColumns([one, name], {}).faults[0] ?? '').includes('may both be'),
  );
  const { faults } = mapColumns([one, other, ...rest], {});
  expect(faults).toEqual([
    `the headers "${one}" and "${other}" may both be ${field}: name the one to use with column.${field}=…`,
  ]);
  expect(mapColumns([one, other, ...rest], { [field]: other })).toEqual({
    columns: expect.objectContaining({ [field]: 1 }),
    faults: [],
  });
});

test('a column that the caller leaves out is not used', () => {
  expect(mapColumns(['order', 'sku', 'qty', 'price'], { unit_price: '-' }).columns).not.toHaveProperty('unit_price');
});

test.each([
  'Ship To Street',
  'Delivery Address',
  'Straße',
  'PLZ',
  'Ort',
  'Lieferadresse',
  'shipToCity',
  'Rue',
  'Código Postal',
  'Dirección',
  'Via',
  'Indirizzo',
  'Adres',
  'Miasto',
  'Billing Address',
  'Address 3',
  'Consignee',
])(
  'a file without a column for an address is refused for the header "%s" unless the caller says what it is',
  (header) => {
    const headers = ['order', 'sku', 'qty', header];
    expect(mapColumns(headers, {}).faults).toEqual([
      expect.stringContaining(`"${header}" looks like a part of an address`),
    ]);
    expect(mapColumns(headers, { line1: header }).columns).toMatchObject({ line1: 3 });
    expect(mapColumns(headers, { line1: '-' })).toEqual({
      columns: { order_reference: 0, sku: 1, quantity: 2 },
      faults: [],
    });
  },
);

test.each([
  'Description',
  'InvoiceDate',
  'E-mail address',
  'IP Address',
  'Capacity',
  'Shipping cost',
  'Delivery date',
  'Sort',
  'Warehouse',
])('the header "%s" is none of an address and is ignored', (header) => {
  expect(mapColumns(['order', 'sku', 'qty', header], {}).faults).toEqual([]);
});

test('a billing address beside a shipping address is ignored', () => {
  const header = ['order', 'sku', 'qty', 'line1', 'city', 'postcode', 'country', 'Billing Street', 'Billing City'];
  expect(mapColumns(header, {}).faults).toEqual([]);
});

test('a header that holds a card number is refused: the file has none', () => {
  expect(mapColumns(['order', 'sku', 'qty', '4242 4242 4242 4242'], {}).faults).toEqual([
    'the header of column 4 holds a card number',
  ]);
});

test('a header named by the caller counts instead of a usual one', () => {
  const { columns } = mapColumns(['order', 'sku', 'qty', 'Artikelnummer'], { sku: 'artikelnummer' });
  expect(columns).toMatchObject({ sku: 3 });
});

test('every missing column is named in one answer', () => {
  const { faults } = mapColumns(['foo', 'bar'], { notes: 'baz' });
  expect(faults).toEqual(expect.arrayContaining([expect.stringContaining('baz')]));
  expect(mapColumns(['foo', 'bar'], {}).faults).toEqual([
    expect.stringContaining('order_reference'),
    expect.stringContaining('sku'),
    expect.stringContaining('quantity'),
  ]);
});

test('a header that occurs twice is refused', () => {
  expect(mapColumns(['order', 'sku', 'qty', 'Qty'], {}).faults).toEqual(['the header "qty" occurs twice']);
});
