import { expect, test } from 'vitest';
import { mapColumns, type ImportFormat } from '../../src/domain/import-columns.ts';
import { orderOfLines } from '../../src/imports/order-of-lines.ts';

const defaults = { currency: 'GBP', country: 'GB', customerId: 'guest', paymentMethod: 'tok_ok' };

function format(header: string, delimiter = ',', given: ImportFormat['defaults'] = defaults): ImportFormat {
  const names = header.split(',');
  return { delimiter, header: names, columns: mapColumns(names, {}) as ImportFormat['columns'], defaults: given };
}

function order(header: string, rows: string[], delimiter?: string) {
  const lines = rows.map((row, index) => ({ line: index + 2, cells: row.split(',') }));
  return orderOfLines('R-1', lines, format(header, delimiter));
}

test('lines of a retail file make the order that a person would make of them', () => {
  const made = order('InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country', [
    'R-1,A,mug,6,2010-12-01 08:26:00,2.55,,EIRE',
    'R-1,B,jug,-1,2010-12-01 08:26:00,3.39,17850.0,EIRE',
  ]);
  expect(made).toEqual({
    body: {
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

test('what the file states is taken, once for the whole order', () => {
  const header =
    'order,sku,qty,customer,currency,payment_method,coupon,notes,name,line1,line2,city,region,postcode,country';
  const made = order(header, [
    'R-1,A,1,ann,eur,tok_x,SAVE,gift,Ann,1 Road,Flat 2,Bonn,NW,53111,Germany',
    'R-1,B,2,,,,,,,,,,,,',
  ]);
  expect(made).toMatchObject({
    body: {
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

test('a file with addresses has to state them: nothing is made up', () => {
  expect(order('order,sku,qty,city', ['R-1,A,1,Bonn'])).toMatchObject({
    body: { shipping_address: { line1: '', city: 'Bonn', postal_code: '' } },
  });
});

test('lines that contradict each other, have cells too many or an unknown country make no order', () => {
  const made = order('order,sku,qty,customer,country', ['R-1,A,1,ann,Atlantis', 'R-1,B,1,bob,Atlantis,more']);
  expect(made).toEqual({
    faults: [
      { pointer: '/items/1', message: expect.stringContaining('has 6 cells, the header 5') },
      { pointer: '/items/1', message: expect.stringContaining('customer_id differs') },
      { pointer: '/shipping_address/country', message: expect.stringContaining('no country') },
    ],
  });
});

test('an order that states no customer, currency, payment method or country is refused where no setting does', () => {
  const lines = [{ line: 2, cells: ['R-1', 'A', '1', 'eur'] }];
  const made = orderOfLines('R-1', lines, format('order,sku,qty,currency', ',', {}));
  expect(made).toEqual({
    faults: [
      fault('/customer_id', 'customer_id', 'IMPORT_CUSTOMER'),
      fault('/payment_method', 'payment_method', 'IMPORT_PAYMENT_METHOD'),
      fault('/shipping_address/country', 'country', 'IMPORT_COUNTRY'),
    ],
  });
});

test('a product id is one, and anything else in its column a SKU', () => {
  const id = '01900000-0000-7000-8000-000000000001';
  expect(order('order,product_id,qty', [`R-1,${id},1`, 'R-1,MUG,2'])).toMatchObject({
    body: {
      items: [
        { product_id: id, quantity: 1 },
        { sku: 'MUG', quantity: 2 },
      ],
    },
  });
});

test('a decimal comma is one where semicolons part the cells, and only there', () => {
  const lines = [{ line: 2, cells: ['R-1', 'A', '2,0', '12,50'] }];
  const price = (delimiter: string) => orderOfLines('R-1', lines, format('order,sku,qty,price', delimiter));
  expect(price(';')).toMatchObject({ body: { items: [{ quantity: 2, unit_price: '12.50' }] } });
  expect(price(',')).toMatchObject({ body: { items: [{ unit_price: '12,50' }] } });
});

test('cells that were guarded against spreadsheets are what they were before', () => {
  expect(order('order,sku,qty,notes', ["R-1,'=A1,'-x,'@home"])).toMatchObject({
    body: { items: [{ sku: '=A1', quantity: '-x' }], notes: '@home' },
  });
});

test('a reference that looks like a card number does not stop the order', () => {
  const made = orderOfLines(
    '4012888888881881',
    [{ line: 2, cells: ['4012888888881881', 'A', '1'] }],
    format('order,sku,qty'),
  );
  expect(made).not.toHaveProperty('body.metadata');
});

function fault(pointer: string, column: string, setting: string) {
  return {
    pointer,
    message: `is missing: fill the column ${column}, give ${column} with the import, or set ${setting}`,
  };
}
