import { expect, test } from 'vitest';
import { mapColumns, type ImportFormat } from '../../src/domain/import-columns.ts';
import { buildOrderRequest } from '../../src/imports/build-order-request.ts';

const defaults = { currency: 'GBP', country: 'GB', customerId: 'guest', paymentMethod: 'tok_ok' };

function format(header: string, delimiter = ',', given: ImportFormat['defaults'] = defaults): ImportFormat {
  const names = header.split(',');
  return { delimiter, header: names, columns: mapColumns(names, {}).columns, defaults: given };
}

function order(header: string, rows: string[], delimiter?: string) {
  const lines = rows.map((row, index) => ({ line: index + 2, cells: row.split(','), faults: null }));
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
      reference: 'R-1',
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

test('the customer of a file is that of the order, and the recipient where the file names no other', () => {
  const built = order('order,sku,variant,qty,customer_name,E-Mail,phone,company,source,locale,city,country', [
    'R-1,A,blue,1,Ann,ann@example.com,+44 20 7946 0018,Acme,shop,en-GB,Bonn,DE',
    'R-1,B,,1,,,,,,,,',
  ]);
  expect(built).toMatchObject({
    request: {
      customer_name: 'Ann',
      customer_email: 'ann@example.com',
      customer_phone: '+44 20 7946 0018',
      source: 'shop',
      locale: 'en-GB',
      items: [{ sku: 'A', variant_id: 'blue' }, { sku: 'B' }],
      shipping_address: { name: 'Ann', company: 'Acme' },
    },
  });
});

test('a telephone number that a spreadsheet has shortened is refused', () => {
  expect(order('order,sku,qty,phone', ['R-1,A,1,4.42079E+11'])).toEqual({
    faults: [
      { pointer: '/items/0', message: expect.stringContaining('customer_phone is a number that a spreadsheet') },
    ],
  });
});

test('nothing is made up for a missing part of an address', () => {
  const built = order('order,sku,qty,city,country', ['R-1,A,1,Bonn,DE']);
  expect(built).toMatchObject({ request: { shipping_address: { line1: '', city: 'Bonn' } } });
  expect(built).not.toHaveProperty('request.shipping_address.postal_code');
});

test('lines with contradictions, too many cells or an unknown country make no order', () => {
  const built = order('order,sku,qty,customer,country', ['R-1,A,1,ann,Atlantis', 'R-1,B,1,bob,Atlantis,more']);
  expect(built).toEqual({
    faults: [
      { pointer: '/items/1', message: expect.stringContaining('has 6 cells, the header has 5') },
      { pointer: '/items/1', message: expect.stringContaining('customer_id differs') },
      { pointer: '/shipping_address/country', message: expect.stringContaining('not the code or the name') },
    ],
  });
});

test('an order that states no customer, currency, payment method or country is refused where no setting does', () => {
  const lines = [{ line: 2, cells: ['R-1', 'A', '1', 'eur'], faults: null }];
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

test('a row that names two products is refused', () => {
  const rows = [`R-1,MUG,4711,1`, 'R-1,MUG,MUG,1', 'R-1,,MUG,1', 'R-1,MUG,,1'];
  expect(order('order,sku,product_id,qty', rows)).toEqual({
    faults: [{ pointer: '/items/0/product_id', message: expect.stringContaining('another product') }],
  });
});

function priced(delimiter: string, currency: string, cells: readonly string[]) {
  const read = format('order,sku,qty,price', delimiter, { ...defaults, currency });
  return buildOrderRequest('R-1', [{ line: 2, cells, faults: null }], read);
}

test('a decimal comma is read only in a file delimited by semicolons', () => {
  const cells = ['R-1', 'A', '2,0', '12,50'];
  expect(priced(';', 'EUR', cells)).toMatchObject({ request: { items: [{ quantity: 2, unit_price: '12.50' }] } });
  expect(priced(',', 'EUR', cells)).toMatchObject({ request: { items: [{ unit_price: '12,50' }] } });
});

test.each(['1,000', '2.000', '12.500', '999,001', '-1,000', '+3.000'])(
  'the quantity %s may have decimals or thousands, and is refused',
  (quantity) => {
    expect(priced(';', 'EUR', ['R-1', 'A', quantity, '1'])).toEqual({
      faults: [{ pointer: '/items/0/quantity', message: expect.stringContaining('separator of thousands') }],
    });
  },
);

test.each([
  ['6', 6],
  ['6.0', 6],
  ['6,00', 6],
  ['1000.000', 1_000],
  ['1.0000', 1],
  ['0.000', 0],
  ['1.5', '1.5'],
  ['1,000,000', '1,000,000'],
  ['1e3', '1e3'],
  ['１', '１'],
])('the quantity %s is read as %j', (quantity, read) => {
  expect(priced(',', 'EUR', ['R-1', 'A', quantity, '1'])).toMatchObject({ request: { items: [{ quantity: read }] } });
});

test.each([
  [';', 'KWD', '1.234'],
  [';', 'TND', '1,234'],
  ['\t', 'BHD', '12.500'],
  ['|', 'OMR', '999.999'],
])(
  'in a file delimited by %j a price in %s of %s may have decimals or thousands, and is refused',
  (delimiter, code, price) => {
    expect(priced(delimiter, code, ['R-1', 'A', '1', price])).toEqual({
      faults: [{ pointer: '/items/0/unit_price', message: expect.stringContaining('separator of thousands') }],
    });
  },
);

test.each([
  [',', 'KWD', '1.234', '1.234'],
  [';', 'KWD', '0.234', '0.234'],
  [';', 'KWD', '1234,567', '1234.567'],
  [';', 'KWD', '1,23', '1.23'],
  [';', 'EUR', '12.50', '12.50'],
])('in a file delimited by %j a price in %s of %s is read', (delimiter, code, price, read) => {
  expect(priced(delimiter, code, ['R-1', 'A', '1', price])).toMatchObject({
    request: { items: [{ unit_price: read }] },
  });
});

test.each([
  ['17850.0', '17850'],
  ['acme.0', 'acme.0'],
  ['007.0', '007.0'],
  ['17850.', '17850.'],
  ['1.0.0', '1.0.0'],
  ['17850.00', '17850.00'],
])('the customer %s is %s', (cell, customer) => {
  expect(order('order,sku,qty,customer', [`R-1,A,1,${cell}`])).toMatchObject({ request: { customer_id: customer } });
});

test('an address that states no country is not completed by a setting, but by what the caller says of the file', () => {
  const header = 'order,sku,qty,line1,city,postcode,country';
  const rows = ['R-1,A,1,1 Rue,Paris,75001,', 'R-1,B,1,1 Rue,Paris,75001,'];
  expect(order(header, rows)).toEqual({
    faults: [
      { pointer: '/shipping_address/country', message: expect.stringContaining('not completed by IMPORT_COUNTRY') },
    ],
  });
  const lines = rows.map((row, index) => ({ line: index + 2, cells: row.split(','), faults: null }));
  const stated = format(header, ',', { ...defaults, addressCountry: 'FR' });
  expect(buildOrderRequest('R-1', lines, stated)).toMatchObject({ request: { shipping_address: { country: 'FR' } } });
});

test.each([
  ['order', '1.23457E+12,A,1,', 'order_reference is a number that a spreadsheet has shortened'],
  ['sku', 'R-1,4E+15,1,', 'sku is a number that a spreadsheet has shortened'],
  ['any cell', 'R-1,#N/A,1,', 'sku is the error value'],
  ['postcode', 'R-1,A,1,90210.0', 'postal_code has decimals'],
  ['number of cells', 'R-1,A,1', 'has 3 cells, the header has 4'],
])('what a spreadsheet or a transfer has damaged is refused: %s', (_, row, message) => {
  const { faults } = order('order,sku,qty,postcode', [row]) as { faults: { message: string }[] };
  expect(faults.map((found) => found.message)).toContainEqual(expect.stringContaining(message));
});

test('what was wrong with a line when it was read refuses its order', () => {
  const lines = [{ line: 2, cells: ['R-1', 'A', '1'], faults: ['sku must not hold a card number'] }];
  expect(buildOrderRequest('R-1', lines, format('order,sku,qty'))).toEqual({
    faults: [{ pointer: '/items/0', message: 'sku must not hold a card number' }],
  });
});

test('cells that were escaped against spreadsheets are read as they were', () => {
  expect(order('order,sku,qty,notes', ["R-1,'=A1,'-x,'@home"])).toMatchObject({
    request: { items: [{ sku: '=A1', quantity: '-x' }], notes: '@home' },
  });
});

function fault(pointer: string, column: string, setting: string) {
  return {
    pointer,
    message: `is missing: fill the column ${column}, give ${column} with the import, or set ${setting}`,
  };
}
