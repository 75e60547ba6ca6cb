import { expect, test } from 'vitest';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';

test('an order of which only lines have states is cancelled where all of them are', async () => {
  const preset = readPresetFile(
    JSON.stringify({
      name: 'units',
      title: 'A row a piece',
      columns: {
        order_reference: 'id_order',
        currency: { value: 'EUR' },
        country: { value: 'DE' },
        sku: 'id_offer',
        quantity: { value: '1' },
        unit_price: 'price',
        line_state: 'status',
        payment_state: 'status',
      },
      words: {
        line_state: { sent: 'SHIPPED', cancelled: 'CANCELLED' },
        payment_state: { sent: 'PAID', cancelled: 'UNPAID' },
      },
    }),
  );
  const rows = ['1;MUG;5,00;sent', '1;MUG;5,00;sent', '2;MUG;5,00;cancelled', '2;BOARD;5,00;cancelled'];
  const read = await readText(`id_order;id_offer;price;status\n${rows.join('\n')}\n`, { preset });
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '1: 1 MUG at 5.00, 1 sent; 1 MUG at 5.00, 1 sent = 10.00 EUR, SHIPPED, PAID',
    '2:  = 0.00 EUR, CANCELLED, UNPAID',
  ]);
});

test('an order that states no currency has that of the others of its file, and never that of the settings', async () => {
  const header = 'amazon-order-id,purchase-date,order-status,sku,item-status,quantity,currency,item-price,ship-country';
  const cancelled = '3,2025-02-13,Cancelled,MUG,Cancelled,0,,,US';
  const rows = [header, '1,2025-02-13,Shipped,MUG,Shipped,1,USD,5.00,US', cancelled];
  const settings = { defaults: { currency: 'GBP' } };
  const read = await readText(`${rows.join('\n')}\n`, settings);
  expect(tell(read)[1]).toBe('3:  = 0.00 USD, CANCELLED, UNPAID');
  const others = [...rows, '2,2025-02-13,Shipped,MUG,Shipped,1,CAD,5.00,US', ''].join('\n');
  expect(JSON.stringify([...(await readText(others, settings)).faults])).toContain('give currency with the import');
  const stated = await readText(others, { defaults: { currency: 'CAD', statedCurrency: 'CAD' } });
  expect(tell(stated)[1]).toBe('3:  = 0.00 CAD, CANCELLED, UNPAID');
});

test('an order without an address needs a country only where it is still to be sent', async () => {
  const header =
    'Name,Financial Status,Fulfillment Status,Currency,Shipping City,Total,Lineitem quantity,Lineitem name,Lineitem price';
  const orders = ['#1,paid,fulfilled,EUR,', '#2,paid,unfulfilled,EUR,', '#3,paid,fulfilled,EUR,Kiel'];
  const text = [header, ...orders.map((order) => `${order},5.00,1,Mug,5.00`), ''].join('\n');
  const { orders: read, faults } = await readText(text);
  expect(read.get('#1')?.shippingAddress).toEqual({
    name: 'Not stated',
    line1: 'Not stated',
    city: 'Not stated',
    country: 'ZZ',
  });
  expect([...faults.keys()]).toEqual(['#2', '#3']);
  expect(JSON.stringify([...faults])).toContain('give country with the import');
  const exported = 'order_reference,status,payment_status,currency,name,line1,city,country,sku,quantity,unit_price';
  const row = '#1,DELIVERED,CAPTURED,EUR,Not stated,Not stated,Not stated,ZZ,MUG,1,5.00';
  const back = await readText(`${exported}\n${row}\n`);
  expect(back.orders.get('#1')?.shippingAddress).toEqual(read.get('#1')?.shippingAddress);
  const { orders: given } = await readText(text, { defaults: { country: 'DE', addressCountry: 'DE' } });
  expect([...given.values()].map(({ shippingAddress }) => shippingAddress.country)).toEqual(['DE', 'DE', 'DE']);
});

test('an order of Magento that is processed before it is paid is not paid, and one that is paid in part is refused', async () => {
  const header =
    'Order Number,Order Date,Order Status,Order Grand Total,Order Due,Order Currency,Shipping Country,Item SKU,Item Qty Ordered,Item Qty Shipped,Item Price';
  const orders = [
    '1,2026-02-13,processing,20.00,0.00',
    '2,2026-02-13,processing,20.00,20.00',
    '3,2026-02-13,complete,20.00,5.00',
  ];
  const read = await readText([header, ...orders.map((order) => `${order},EUR,DE,MUG,2,1,10.00`), ''].join('\n'));
  expect(tell(read)).toEqual([
    '1: 2 MUG at 10.00, 1 sent = 20.00 EUR, PARTLY_SHIPPED, PAID',
    '2: 2 MUG at 10.00, 1 sent = 20.00 EUR, PARTLY_SHIPPED, UNPAID',
  ]);
  expect(read.faults.get('3')).toMatchObject([
    { line: 4, column: 'Order Due', message: expect.stringMatching(/^5\.00 of 20\.00 EUR are still due/) },
  ]);
});

test('orders of two shops under one number are refused for that reason, since their rows could not be told apart', async () => {
  const header = 'order_reference,source,payment_status,currency,country,sku,quantity,unit_price,total';
  const rows = ['1,shop-1', '1,shop-2'].map((one) => `${one},CAPTURED,GBP,GB,MUG,1,5.00,5.00`);
  const { faults } = await readText([header, ...rows, ''].join('\n'));
  expect(faults.get('1')).toMatchObject([
    { line: 3, column: 'source', message: 'differs from what line 2 says of the same order' },
  ]);
});

test('a word for the payment that is not known is one fault, and one for the tax is none where there is no tax', async () => {
  const shopify =
    'Name,Financial Status,Fulfillment Status,Currency,Shipping Country,Total,Lineitem quantity,Lineitem name,Lineitem price';
  const partly = await readText(`${shopify}\n#1,partially_paid,unfulfilled,EUR,DE,5.00,1,Mug,5.00\n`);
  expect(partly.faults.get('#1')).toMatchObject([{ line: 2, message: expect.stringContaining('"partially_paid"') }]);
  const amazon =
    'amazon-order-id,purchase-date,order-status,sales-channel,sku,item-status,quantity,currency,item-price,item-tax,ship-country';
  const read = await readText(`${amazon}\n${order('1', '0.00')}${order('2', '0.80')}`);
  expect(tell(read)).toEqual(['1: 1 MUG at 5.00, 1 sent = 5.00 EUR, SHIPPED, PAID']);
  expect(JSON.stringify([...read.faults])).toContain('SI CDE Prod');
});

/** A row of a report of Amazon. */
const order = (id: string, tax: string) => `${id},2025-02-13,Shipped,SI CDE Prod,MUG,Shipped,1,EUR,5.00,${tax},DE\n`;
