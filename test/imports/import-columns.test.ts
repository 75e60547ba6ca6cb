import { expect, test } from 'vitest';
import { mapColumns } from '../../src/domain/import-columns.ts';

test.each(
  [['order_reference', 'order_ref', 'order', 'order_number', 'invoice', 'InvoiceNo', 'Invoice', 'Order No.']].flat(),
)('%s names the order', (header) => {
  expect(mapColumns([header, 'sku', 'qty'], {})).toEqual({ order_reference: 0, sku: 1, quantity: 2 });
});

test.each(['sku', 'SKU', 'product', 'StockCode', 'Stock Code'])('%s names the product', (header) => {
  expect(mapColumns(['order', header, 'Quantity'], {})).toEqual({ order_reference: 0, sku: 1, quantity: 2 });
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
])('%s goes by %s', (field, header) => {
  expect(mapColumns(['order', 'sku', 'qty', header], {})).toMatchObject({ [field]: 3 });
});

test('the more telling of two headers is taken', () => {
  expect(mapColumns(['product', 'sku', 'order', 'qty', 'price', 'unit_price'], {})).toMatchObject({
    sku: 1,
    unit_price: 5,
  });
});

test('a field may be named, also against a usual header', () => {
  expect(mapColumns(['order', 'sku', 'qty', 'Artikelnummer'], { sku: 'artikelnummer' })).toMatchObject({ sku: 3 });
});

test('everything that is missing is told at once', () => {
  const faults = mapColumns(['foo', 'bar'], { notes: 'baz' });
  expect(faults).toEqual(expect.arrayContaining([expect.stringContaining('baz')]));
  expect(mapColumns(['foo', 'bar'], {})).toEqual([
    expect.stringContaining('order_reference'),
    expect.stringContaining('sku'),
    expect.stringContaining('quantity'),
  ]);
});

test('a header that stands there twice is refused', () => {
  expect(mapColumns(['order', 'sku', 'qty', 'Qty'], {})).toEqual(['the header "qty" stands there twice']);
});
