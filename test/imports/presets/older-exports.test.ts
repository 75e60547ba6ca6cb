import { expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

test('Wix wrote other headers until 2020', async () => {
  const order = {
    'Order #': '10001',
    Date: 'Nov 26, 2018',
    Time: '8:05:11 AM',
    'Billing Customer': 'Ana Ono',
    'Billing Country': 'USA',
    'Delivery Customer': 'Ana Ono',
    'Delivery Country': 'USA',
    'Delivery City': 'Albany',
    'Delivery Street Name&Number': '1 Road',
    'Delivery Zip Code': '="12207"',
    "Buyer's Phone #": '="5185550100"',
    "Buyer's Email": 'ana@shop.example',
    Currency: 'USD',
    Payment: 'Paid',
    Fulfillment: 'Fulfilled',
    Shipping: '5',
    Tax: '2.4',
    Total: '57.4',
    'Total after refund': '0',
  };
  const lines = [
    { "Item's Name": 'Mug', SKU: 'MUG', Qty: '2', "Item's Price": '15' },
    { "Item's Name": 'Board', SKU: '', Qty: '1', "Item's Price": '20' },
  ];
  const unpaid = { ...order, ...lines[1], 'Order #': '10002', Shipping: '0', Tax: '0', Total: '20' };
  const refunded = { ...unpaid, 'Order #': '10003', 'Total after refund': '12.5' };
  const rows = [
    ...lines.map((line) => ({ ...order, ...line })),
    { ...unpaid, Payment: 'Unpaid', Fulfillment: 'Not Fulfilled' },
    refunded,
  ];
  const quoted = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, `"${cell.replaceAll('"', '""')}"`])),
  );
  const header = [...Object.keys(order), ...Object.keys(lines[0] ?? {})];
  const read = await readText(table(header, quoted));
  expect([...read.faults]).toEqual([]);
  expect(read.format.reading?.preset.name).toBe('wix');
  expect(tell(read)).toEqual([
    '10001: 2 MUG at 15.00, 2 sent; 1 Board at 20.00, 1 sent; tax 2.40 on top; shipping 5.00 = 57.40 USD, DELIVERED, PAID',
    '10002: 1 Board at 20.00 = 20.00 USD, OPEN, UNPAID',
    '10003: 1 Board at 20.00, 1 sent = 20.00 USD, DELIVERED, PARTIALLY_REFUNDED 7.50',
  ]);
  expect(read.orders.get('10001')).toMatchObject({
    placedAt: new Date('2018-11-26T08:05:11Z'),
    customer: { name: 'Ana Ono', email: 'ana@shop.example', phone: '5185550100' },
    shippingAddress: { name: 'Ana Ono', line1: '1 Road', city: 'Albany', postal_code: '12207', country: 'US' },
  });
});

test('Selling Manager of eBay wrote other headers, in English and in German', async () => {
  const english = [
    'Sales Record Number,User Id,Buyer Fullname,Buyer Address 1,Buyer City,Buyer State,Buyer Zip,Buyer Country,Item ID,Item Title,Quantity,Sale Price,Shipping And Handling,Sales Tax,Insurance,Total Price,Sale Date,Paid on Date,Shipped on Date,Custom Label',
    '',
    '1201,lou,Lou B,1 St,Reno,NV,89501,United States,33,Clock,2,$10.00,$4.00,$1.00,$0.50,$25.50,Sep-13-16,Sep-13-16,Sep-14-16,CLK',
    '1202,lou,Lou B,1 St,Reno,NV,89501,United States,34,Lamp,1,"$1,010.00",$0.00,$0.00,$0.00,"$1,010.00",Sep-15-16,,,',
    '',
    '2, record(s) downloaded,from,Sep-01-16,00:00:00, to ,Sep-30-16,23:59:59',
    'Seller ID: shop-x',
  ];
  const read = await readText(english.join('\r\n'));
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '1201: 2 CLK at 10.00, 2 sent; tax 1.00 on top; shipping 4.00; fees 0.50 = 25.50 USD, SHIPPED, PAID',
    '1202: 1 34 at 1010.00 = 1010.00 USD, OPEN, UNPAID',
  ]);
  const german = [
    'Verkaufsprotokollnummer;Mitgliedsname;Vollständiger Name des Käufers;Käuferadresse 1;Ort des Käufers;Postleitzahl des Käufers;Land des Käufers;Artikelnummer;Artikelbezeichnung;Stückzahl;Verkaufspreis;Verpackung und Versand;Versicherung;Gesamtpreis;Verkaufsdatum;Bezahldatum;Versanddatum;Bestandseinheit',
    '7;lou;Lou B;Weg 1;Kiel;24103;Deutschland;33;Uhr;2;EUR 10,00;EUR 4,00;EUR 0,00;EUR 24,00;13.09.16;13.09.16;14.09.16;UHR',
  ];
  const other = await readText(german.join('\r\n'));
  expect([...other.faults]).toEqual([]);
  expect(tell(other)).toEqual(['7: 2 UHR at 10.00, 2 sent; shipping 4.00 = 24.00 EUR, SHIPPED, PAID']);
});

test('a report of eBay without custom labels is one all the same, and dollars of Australia are written AU $', async () => {
  const report = [
    ',,,,,,,,,,,',
    '"Sales Record Number","Order Number","Buyer Username","Item Number","Item Title","Quantity","Sold For","Postage And Handling","Total Price","Sale Date","Paid On Date","Post To Country"',
    '"12126","01-2","combo","","","2","AU $3,115.00","AU $6.60","AU $3,121.60","26-May-26","26-May-26","Australia"',
    '"12126","01-2","combo","406","Card","1","AU $3,000.00","","","26-May-26","26-May-26",""',
    '"12126","01-2","combo","407","Coin","1","AU $115.00","","","26-May-26","26-May-26",""',
    '"1 record(s) downloaded"',
  ];
  const read = await readText(report.join('\n'));
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual(['01-2: 1 406 at 3000.00; 1 407 at 115.00; shipping 6.60 = 3121.60 AUD, OPEN, PAID']);
});

test('the Superstore sets are orders that were sent, and the ZIP codes that they keep as numbers are whole again where the state says so', async () => {
  const rows = [
    'Row ID,Order ID,Order Date,Ship Date,Ship Mode,Customer ID,Customer Name,Segment,Country,City,State,Postal Code,Region,Product ID,Category,Sub-Category,Product Name,Sales,Quantity,Discount,Profit',
    '1,CA-1,11/8/2016,11/11/2016,Second Class,CG-1,Claire G,Consumer,United States,Fairfield,Connecticut,6824,East,FUR-1,F,B,Bookcase,261.96,2,0,41.91',
    '2,CA-1,11/8/2016,11/11/2016,Second Class,CG-1,Claire G,Consumer,United States,Fairfield,Connecticut,6824,East,FUR-2,F,C,Chair,957.5775,5,0.45,-3.5',
    '3,CA-2,11/8/2016,11/21/2016,Second Class,CG-1,Claire G,Consumer,United States,Albany,New York,12207,East,FUR-1,F,B,Bookcase,10,1,0,1',
    '4,CA-3,11/8/2016,11/21/2016,Second Class,CG-1,Claire G,Consumer,United States,Reno,Nevada,8950,West,FUR-1,F,B,Bookcase,10,1,0,1',
  ];
  const read = await readText(rows.join('\n'), { defaults: { currency: 'USD' } });
  expect(tell(read)).toEqual([
    'CA-1: 2 FUR-1 at 130.98, 2 sent; 5 FUR-2 at 191.52 -0.02, 5 sent = 1219.54 USD, SHIPPED, PAID',
    'CA-2: 1 FUR-1 at 10.00, 1 sent = 10.00 USD, SHIPPED, PAID',
  ]);
  expect(read.orders.get('CA-1')?.shippingAddress.postal_code).toBe('06824');
  expect(read.orders.get('CA-2')?.shippingAddress.postal_code).toBe('12207');
  expect(read.faults.get('CA-3')).toMatchObject([{ line: 5, column: 'Postal Code' }]);
});

test('SkyVerge packs lines with an id in front, and numbers orders as the shop shows them', async () => {
  const lines = [
    'id:1|name:Mug: big|product_id:28|sku:|quantity:2|subtotal:40.00|subtotal_tax:4.00|total:36.00|refunded:18.00|refunded_qty:1|meta:Size=L; red,Phone=(048) 4',
    'id:2|name:Pin|product_id:9|sku:PIN|quantity:1|subtotal:10.00|subtotal_tax:1.00|total:9.00|refunded:0.00|refunded_qty:0|meta:',
  ];
  const rows = [
    'order_id,order_number_formatted,order_number,order_date,status,shipping_total,fee_total,tax_total,discount_total,order_total,refunded_total,order_currency,shipping_country,line_items',
    `368,W-23,23,2018-01-06 16:50:00,completed,5.00,0.00,4.50,5.00,54.50,18.00,AUD,AU,"${lines.join(';')}"`,
  ];
  const read = await readText(rows.join('\n'));
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    'W-23: 2 28 at 20.00, 2 sent, 1 back; 1 PIN at 10.00, 1 sent; discount 5.00; tax 4.50 on top; shipping 5.00 = 54.50 AUD, DELIVERED, PARTIALLY_REFUNDED 18.00',
  ]);
});

test('sold orders of Etsy may lack the columns that name the buyer', async () => {
  const rows = [
    'Sale Date,Order ID,Number of Items,Ship City,Ship State,Ship Zipcode,Ship Country,Currency,Order Value,Shipping,Sales Tax,Order Total,Status',
    '03/15/26,3001,2,Austin,TX,78701,United States,USD,40.00,5.00,3.00,48.00,Completed',
  ];
  const read = await readText(rows.join('\n'));
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '3001: 2 Items of the order at 20.00; tax 3.00 on top; shipping 5.00 = 48.00 USD, OPEN, PAID',
  ]);
});
