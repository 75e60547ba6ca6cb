import { describe, expect, test } from 'vitest';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

const faultsOf = (faults: ReadonlyMap<string, unknown>) => JSON.stringify([...faults]);

describe('the orders report of eBay', () => {
  const header = [
    'Sales Record Number',
    'Order Number',
    'Buyer Username',
    'Ship To Name',
    'Ship To Country',
    'Item Title',
    'Custom Label',
    'Quantity',
    'Sold For',
    'Shipping And Handling',
    'eBay Collected Tax',
    'eBay Collected Charges',
    'Total Price',
    'eBay Collected Tax and Fees Included in Total',
    'Sale Date',
    'Paid On Date',
    'Shipped On Date',
  ];
  const sold = {
    'Sales Record Number': '1',
    'Buyer Username': 'pat',
    'Ship To Country': 'US',
    'Item Title': 'Lamp',
    'Custom Label': 'LAMP-1',
    Quantity: '1',
    'Sold For': '$20.00',
    'Shipping And Handling': '$5.00',
    'eBay Collected Tax': '$1.65',
    'Sale Date': 'Mar-02-26',
    'Paid On Date': 'Mar-02-26',
    'Shipped On Date': 'Mar-03-26',
  };
  const included = 'eBay Collected Tax and Fees Included in Total';

  test('says whether its total holds the tax and the charges that eBay collects', async () => {
    const text = table(header, [
      { ...sold, 'Order Number': 'A', [included]: 'Yes', 'eBay Collected Charges': '$0.50', 'Total Price': '$27.15' },
      { ...sold, 'Order Number': 'B', [included]: 'No', 'Total Price': '$25.00' },
      { ...sold, 'Order Number': 'C', 'Total Price': '$25.00' },
    ]);
    const read = await readText(text);
    expect(tell(read)).toEqual([
      'A: 1 LAMP-1 at 20.00, 1 sent; tax 1.65 on top; shipping 5.00; fees 0.50 = 27.15 USD, SHIPPED, PAID',
      'B: 1 LAMP-1 at 20.00, 1 sent; shipping 5.00 = 25.00 USD, SHIPPED, PAID',
    ]);
    expect(faultsOf(read.faults)).toMatch(/26\.65 USD.*25\.00 USD/);
  });

  test('has no order number for what is not checked out yet, which is an order of its own', async () => {
    const plain = { ...sold, 'eBay Collected Tax': '', 'Total Price': '$25.00' };
    const text = table(header, [
      { ...plain, 'Order Number': 'A' },
      { ...plain, 'Sales Record Number': '2', 'Paid On Date': '', 'Shipped On Date': '' },
    ]);
    expect(tell(await readText(text))).toEqual([
      'A: 1 LAMP-1 at 20.00, 1 sent; shipping 5.00 = 25.00 USD, SHIPPED, PAID',
      '2: 1 LAMP-1 at 20.00; shipping 5.00 = 25.00 USD, OPEN, UNPAID',
    ]);
  });

  test('has a line of commas above its header and below it, and its footer is no part of the last order', async () => {
    const commas = ','.repeat(header.length - 1);
    const [first = '', ...rows] = table(header, [
      { ...sold, 'Order Number': 'A', 'eBay Collected Tax': '', 'Total Price': '$25.00' },
    ]).split('\n');
    const footer = ['1,record(s) downloaded,"from Mar-01-26,00:00:00, to Mar-31-26,23:59:59, PST"', 'Seller ID : shop'];
    const read = await readText([commas, first, commas, ...rows, ...footer, ''].join('\n'));
    expect([...read.faults]).toEqual([]);
    expect(tell(read)).toEqual(['A: 1 LAMP-1 at 20.00, 1 sent; shipping 5.00 = 25.00 USD, SHIPPED, PAID']);
  });
});

test.each([
  { of: 'Britain', posted: 'Dispatched on date', postage: 'Postage and packaging', code: 'Post to postcode' },
  { of: 'Australia', posted: 'Posted on date', postage: 'Postage and handling', code: 'Post to postal code' },
])(
  'the orders report of eBay of $of posts and dispatches, and its orders are sent to where they were',
  async ({ posted, postage, code }) => {
    const columns = [
      'Sales record number',
      'Order number',
      'Buyer username',
      'Post to name',
      'Post to address 1',
      'Post to city',
      code,
      'Post to country',
      'Item title',
      'Custom label',
      'Quantity',
      'Sold for',
      postage,
      'Total price',
      'Sale date',
      'Paid on date',
      posted,
    ];
    const text = table(columns, [
      {
        'Sales record number': '1',
        'Order number': 'A',
        'Buyer username': 'tom',
        'Post to name': 'Tom Test',
        'Post to address 1': '12 Maple Street',
        'Post to city': 'York',
        [code]: 'YO1 7HH',
        'Post to country': 'United Kingdom',
        'Item title': 'Mug',
        'Custom label': 'MUG-1',
        Quantity: '2',
        'Sold for': '£7.50',
        [postage]: '£3.20',
        'Total price': '£18.20',
        'Sale date': '05-Mar-26',
        'Paid on date': '05-Mar-26',
        [posted]: '06-Mar-26',
      },
    ]);
    const read = await readText(text);
    expect(tell(read)).toEqual(['A: 2 MUG-1 at 7.50, 2 sent; shipping 3.20 = 18.20 GBP, SHIPPED, PAID']);
    expect(read.orders.get('A')?.shippingAddress).toMatchObject({
      name: 'Tom Test',
      line1: '12 Maple Street',
      city: 'York',
      postal_code: 'YO1 7HH',
      country: 'GB',
    });
  },
);

test('WooCommerce writes its statuses in the language of the shop', async () => {
  const header = ['Order Number', 'Order Status', 'Order Date', 'First Name (Billing)', 'Country Code (Billing)'];
  const all = [...header, 'SKU', 'Quantity', 'Item Cost', 'Order Total Amount', 'Order Refund Amount'];
  const row = { 'Order Date': '14.02.2026 10:14', 'Country Code (Billing)': 'DE', SKU: 'MUG-1', Quantity: '1' };
  const states = ['Abgeschlossen', 'In Bearbeitung', 'Storniert', 'Rückerstattet', 'En cours', 'Pendiente de pago'];
  const text = table(
    all,
    states.map((state, index) => ({
      ...row,
      'Order Number': String(index + 1),
      'Order Status': state,
      'Item Cost': '1.249,94',
      'Order Total Amount': '1.249,94',
    })),
    ';',
  );
  const told = tell(await readText(text, { defaults: { currency: 'EUR' } }));
  expect(told.map((order) => order.split('EUR, ')[1])).toEqual([
    'DELIVERED, PAID',
    'OPEN, PAID',
    'CANCELLED, UNPAID',
    'RETURNED, REFUNDED 1249.94',
    'OPEN, PAID',
    'OPEN, UNPAID',
  ]);
});

test('the orders of Etsy tell what was refunded by what is left of their total', async () => {
  const header = [
    'Sale Date',
    'Order ID',
    'Full Name',
    'Number of Items',
    'Date Shipped',
    'Ship Country',
    'Currency',
    'Order Value',
    'Shipping',
    'Order Total',
    'Status',
    'Adjusted Order Total',
  ];
  const order = {
    'Sale Date': '09/13/26',
    'Full Name': 'Jane',
    'Number of Items': '1',
    'Ship Country': 'Canada',
    Currency: 'CAD',
    'Order Value': '40.00',
    Shipping: '5.00',
    'Order Total': '45.00',
  };
  const read = await readText(
    table(header, [
      { ...order, 'Order ID': '1', 'Adjusted Order Total': '38.89' },
      { ...order, 'Order ID': '2', 'Adjusted Order Total': '0.00', Status: 'Completed' },
      { ...order, 'Order ID': '3', 'Adjusted Order Total': '45.00' },
      { ...order, 'Order ID': '4', Status: 'Refunded' },
      { ...order, 'Order ID': '5', 'Adjusted Order Total': '50.00' },
      { ...order, 'Order ID': '6', Status: 'Canceled' },
    ]),
  );
  expect(tell(read).map((told) => told.split('CAD, ')[1])).toEqual([
    'OPEN, PARTIALLY_REFUNDED 6.11',
    'OPEN, PAID',
    'OPEN, PAID',
    'OPEN, REFUNDED 45.00',
  ]);
  expect(read.faults.get('5')).toMatchObject([{ line: 6, column: 'Adjusted Order Total' }]);
  expect(read.faults.get('6')).toMatchObject([{ line: 7, column: 'Status' }]);
});

test('an order of Amazon whose lines are all cancelled while it is not is refused for that reason', async () => {
  const header = ['amazon-order-id', 'purchase-date', 'order-status', 'sku', 'item-status', 'quantity', 'currency'];
  const text = table(
    [...header, 'item-price', 'ship-country'],
    [
      {
        'amazon-order-id': 'A',
        'purchase-date': '2026-03-02T07:01:02Z',
        'order-status': 'Shipped',
        sku: 'MUG-1',
        'item-status': 'Cancelled',
        quantity: '0',
        currency: 'EUR',
        'ship-country': 'DE',
      },
    ],
    '\t',
  );
  const { faults } = await readText(text);
  expect(faults.get('A')).toMatchObject([
    { line: 2, message: expect.stringContaining('all of its lines are cancelled') },
  ]);
});

test('an order of a download is of the country that its billing address states', async () => {
  const header = ['Name', 'Financial Status', 'Fulfillment Status', 'Currency', 'Total', 'Lineitem quantity'];
  const text = table(
    [
      ...header,
      'Lineitem name',
      'Lineitem price',
      'Lineitem sku',
      'Shipping Country',
      'Billing Name',
      'Billing Country',
    ],
    [
      {
        Name: '#1',
        'Financial Status': 'paid',
        Currency: 'EUR',
        Total: '9.00',
        'Lineitem quantity': '1',
        'Lineitem name': 'Book',
        'Lineitem price': '9.00',
        'Lineitem sku': 'EBOOK',
        'Billing Country': 'AT',
      },
    ],
  );
  const read = await readText(text, { defaults: { country: 'GB' } });
  expect([...read.faults]).toEqual([]);
  expect(read.orders.get('#1')?.shippingAddress.country).toBe('AT');
});

describe('a preset file that extends a known preset', () => {
  const header = ['Order Number', 'Order Status', 'Order Date', 'First Name (Billing)', 'Country Code (Billing)'];
  const text = table(
    [...header, 'SKU', 'Quantity', 'Item Cost', 'Gift Wrap', 'Order Total Amount'],
    [
      {
        'Order Number': '1',
        'Order Status': 'An DHL',
        'Order Date': '2026-02-14',
        'Country Code (Billing)': 'DE',
        SKU: 'MUG-1',
        Quantity: '1',
        'Item Cost': '10.00',
        'Gift Wrap': '2.50',
        'Order Total Amount': '12.50',
      },
    ],
  );
  const given = { defaults: { currency: 'EUR' } };

  test('says only what is different, and keeps its name', async () => {
    const { faults } = await readText(text, given);
    expect(faultsOf(faults)).toMatch(/"An DHL\\" is not known.*extends/);
    const preset = readPresetFile(
      JSON.stringify({
        extends: 'woocommerce',
        columns: { fees: 'Gift Wrap' },
        words: { state: { 'an dhl': 'SHIPPED' }, payment_state: { 'an dhl': 'PAID' } },
      }),
    );
    expect(preset.name).toBe('woocommerce');
    expect(tell(await readText(text, { ...given, preset }))).toEqual([
      '1: 1 MUG-1 at 10.00, 1 sent; fees 2.50 = 12.50 EUR, SHIPPED, PAID',
    ]);
  });

  test('of an unknown one, or with what no preset has, is refused', () => {
    expect(() => readPresetFile(JSON.stringify({ extends: 'nowhere' }))).toThrow(/\/extends/);
    expect(() => readPresetFile(JSON.stringify({ extends: 'etsy', colums: {} }))).toThrow(/colums/);
    expect(() => readPresetFile(JSON.stringify({ extends: 'etsy', words: { state: { sent: 'GONE' } } }))).toThrow(
      /\/words\/state\/sent/,
    );
  });
});
