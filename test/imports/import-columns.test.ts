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

test('of two headers for a field the more specific one counts', () => {
  expect(mapColumns(['product', 'sku', 'order', 'qty', 'price', 'unit_price'], {}).columns).toMatchObject({
    sku: 1,
    unit_price: 5,
  });
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
