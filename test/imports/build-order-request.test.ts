import { expect, test } from 'vitest';
import { mapColumns, type ImportFormat } from '../../src/domain/import-columns.ts';
import { buildOrderRequest } from '../../src/imports/build-order-request.ts';

const defaults = { currency: 'GBP', country: 'GB', customerId: 'guest', paymentMethod: 'tok_ok' };

function format(header: string, delimiter = ',', given: ImportFormat['defaults'] = defaults): ImportFormat {
  const names = header.split(',');
  return { delimiter, header: names, columns: mapColumns(names, {}).columns, defaults: given };
}

function order(header: string, rows: string[], delimiter?: string) {
  const lines = rows.map((row, index) => ({ line: index + 2, cells: row.split(',') }));
  return buildOrderRequest('R-1', lines, format(header, delimiter));
}

test('lines of a retail file make the order that a person would read in them', () => {
  const built = order('InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country', [
    'R-1,A,mug,6,2010-12-01 08:26:00,2.55,,EIRE',
    'R-1,B,jug,-1,2010-12-01 08:26:00,3.39,17850.0,EIRE',
  ]);
  expect(built).toEqual({
    request: {
      customer_id: '17850',
      currency: 'GBP',
      items: [
        { sku: 'A', quantity: 6, unit_price: '2.55' },
        { sku: 'B', quantity: -1, unit_price: '3.39' },
      ],
      payment_method: 'tok_ok',
      shipping_address: {
        name: 'Customer 17850',
        line1: 'Order R-1',
        city: 'Not stated',
        postal_code: '00000',
        country: 'IE',
      },
      metadata: { order_reference: 'R-1' },
    },
  });
});

test('a field that one line states holds for the whole order', () => {
  const header =
    'order,sku,qty,customer,currency,payment_method,coupon,notes,name,line1,line2,city,region,postcode,country';
  const built = order(header, [
    'R-1,A,1,ann,eur,tok_x,SAVE,gift,Ann,1 Road,Flat 2,Bonn,NW,53111,Germany',
    'R-1,B,2,,,,,,,,,,,,',
  ]);
  expect(built).toMatchObject({
    request: {
      customer_id: 'ann',
      currency: 'EUR',
      payment_method: 'tok_x',
      coupon_code: 'SAVE',
      notes: 'gift',
      shipping_address: {
        name: 'Ann',
        line1: '1 Road',
        line2: 'Flat 2',
        city: 'Bonn',
        region: 'NW',
        postal_code: '53111',
        country: 'DE',
      },
    },
  });
});

test('nothing is made up for a missing part of an address', () => {
  const built = order('order,sku,qty,city', ['R-1,A,1,Bonn']);
  expect(built).toMatchObject({ request: { shipping_address: { line1: '', city: 'Bonn' } } });
  expect(built).not.toHaveProperty('request.shipping_address.postal_code');
});

test('lines with contradictions, too many cells or an unknown country make no order', () => {
  const built = order('order,sku,qty,customer,country', ['R-1,A,1,ann,Atlantis', 'R-1,B,1,bob,Atlantis,more']);
  expect(built).toEqual({
    faults: [
      { pointer: '/items/1', message: expect.stringContaining('has 6 cells, the header has 5') },
      { pointer: '/items/1', message: expect.stringContaining('customer_id differs') },
      { pointer: '/shipping_address/country', message: expect.stringContaining('not the code or English name') },
    ],
  });
});

test('an order that states no customer, currency, payment method or country is refused where no setting does', () => {
  const lines = [{ line: 2, cells: ['R-1', 'A', '1', 'eur'] }];
  const built = buildOrderRequest('R-1', lines, format('order,sku,qty,currency', ',', {}));
  expect(built).toEqual({
    faults: [
      fault('/customer_id', 'customer_id', 'IMPORT_CUSTOMER'),
      fault('/payment_method', 'payment_method', 'IMPORT_PAYMENT_METHOD'),
      fault('/shipping_address/country', 'country', 'IMPORT_COUNTRY'),
    ],
  });
});

test('a product id in its column is an id, and any other text a SKU', () => {
  const id = '01900000-0000-7000-8000-000000000001';
  expect(order('order,product_id,qty', [`R-1,${id},1`, 'R-1,MUG,2'])).toMatchObject({
    request: {
      items: [
        { product_id: id, quantity: 1 },
        { sku: 'MUG', quantity: 2 },
      ],
    },
  });
});

test('a decimal comma is read only in a file delimited by semicolons', () => {
  const lines = [{ line: 2, cells: ['R-1', 'A', '2,0', '12,50'] }];
  const price = (delimiter: string) => buildOrderRequest('R-1', lines, format('order,sku,qty,price', delimiter));
  expect(price(';')).toMatchObject({ request: { items: [{ quantity: 2, unit_price: '12.50' }] } });
  expect(price(',')).toMatchObject({ request: { items: [{ unit_price: '12,50' }] } });
});

test('cells that were escaped against spreadsheets are read as they were', () => {
  expect(order('order,sku,qty,notes', ["R-1,'=A1,'-x,'@home"])).toMatchObject({
    request: { items: [{ sku: '=A1', quantity: '-x' }], notes: '@home' },
  });
});

test('a reference that looks like a card number does not stop the order', () => {
  const built = buildOrderRequest(
    '4012888888881881',
    [{ line: 2, cells: ['4012888888881881', 'A', '1'] }],
    format('order,sku,qty'),
  );
  expect(built).not.toHaveProperty('request.metadata');
});

function fault(pointer: string, column: string, setting: string) {
  return {
    pointer,
    message: `is missing: fill the column ${column}, give ${column} with the import, or set ${setting}`,
  };
}
