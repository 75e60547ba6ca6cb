import { expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

/** A row of Faire's. */
const line = (number: string, status: string, sku: string) => ({
  'Order Date': '2026-02-13',
  'Order Number': number,
  'Retailer Name': 'Sample Gifts',
  'Address 1': '8 Sample Road',
  City: 'Albany',
  'Zip Code': '12207',
  Country: 'United States',
  'Product Name': sku,
  SKU: sku,
  Status: status,
  Quantity: '2',
  'Wholesale Price': '$10.00',
});

test('an order of Faire, whose lines have a status each, stands as its lines say', async () => {
  const header = [
    'Order Date',
    'Order Number',
    'Retailer Name',
    'Address 1',
    'City',
    'Zip Code',
    'Country',
    'Product Name',
    'SKU',
    'Status',
    'Quantity',
    'Wholesale Price',
  ];
  const states: Readonly<Record<string, readonly [string, string]>> = {
    A: ['Delivered', 'Delivered'],
    B: ['Delivered', 'Processing'],
    C: ['Shipped', 'Delivered'],
    D: ['Shipped', 'Canceled'],
    E: ['Canceled', 'Canceled'],
    F: ['New', 'Backordered'],
    G: ['Canceled', 'Backordered'],
    H: ['Shipped', 'Returned'],
  };
  const rows = Object.entries(states).flatMap(([number, [one, other]]) => [
    line(number, one, 'MUG'),
    line(number, other, 'BOARD'),
  ]);
  const read = await readText(table(header, rows), { defaults: { currency: 'USD' } });
  expect(tell(read)).toEqual([
    'A: 2 MUG at 10.00, 2 sent; 2 BOARD at 10.00, 2 sent = 40.00 USD, DELIVERED, PAID',
    'B: 2 MUG at 10.00, 2 sent; 2 BOARD at 10.00 = 40.00 USD, PARTLY_SHIPPED, PAID',
    'C: 2 MUG at 10.00, 2 sent; 2 BOARD at 10.00, 2 sent = 40.00 USD, SHIPPED, PAID',
    'D: 2 MUG at 10.00, 2 sent = 20.00 USD, SHIPPED, PAID',
    'E:  = 0.00 USD, CANCELLED, UNPAID',
    'F: 2 MUG at 10.00; 2 BOARD at 10.00 = 40.00 USD, OPEN, PAID',
    'G: 2 BOARD at 10.00 = 20.00 USD, OPEN, PAID',
  ]);
  expect(JSON.stringify([...read.faults])).toMatch(/"Returned\\" is not known: a preset file with .*extends.*faire/);
});

test('TikTok Shop writes states in Indonesian and Thai, and in Indonesia its own parts of an address', async () => {
  const header = [
    'Order ID',
    'Order Status',
    'SKU ID',
    'Seller SKU',
    'Product Name',
    'Quantity',
    'SKU Subtotal Before Discount',
    'Shipping Insurance',
    'Order Amount',
    'Created Time',
    'Paid Time',
    'Recipient',
    'Country',
    'Province',
    'Regency and City',
    'Districts',
    'Villages',
    'Detail Address',
  ];
  const words = {
    Belum: 'Belum dibayar',
    Perlu: 'Perlu dikirim',
    Kirim: 'Dikirim',
    Akhir: 'Selesai',
    Batal: 'Dibatalkan',
    Open: 'ที่จะจัดส่ง',
    Sent: 'จัดส่งแล้ว',
    Void: 'ยกเลิกแล้ว',
  };
  const rows = Object.entries(words).map(([id, status]) => ({
    'Order ID': id,
    'Order Status': status,
    'SKU ID': '1729',
    'Seller SKU': 'MUG',
    'Product Name': 'Mug',
    Quantity: '2',
    'SKU Subtotal Before Discount': '50000',
    'Shipping Insurance': '500',
    'Order Amount': '50500',
    'Created Time': '28/02/2026 10:14:00',
    'Paid Time': id === 'Belum' ? '' : '28/02/2026 10:15:00',
    Recipient: 'Budi',
    Country: 'Indonesia',
    Province: 'DKI Jakarta',
    'Regency and City': 'Jakarta Selatan',
    Districts: 'Tebet',
    Villages: 'Manggarai',
    'Detail Address': 'Jalan Contoh 8',
  }));
  const read = await readText(table(header, rows), { defaults: { currency: 'IDR' } });
  expect([...read.faults]).toEqual([]);
  expect(read.format.reading?.preset.name).toBe('tiktok');
  expect([...read.orders.values()].map(({ state, payment }) => `${state} ${payment.state}`)).toEqual([
    'OPEN UNPAID',
    'OPEN PAID',
    'SHIPPED PAID',
    'DELIVERED PAID',
    'CANCELLED PAID',
    'OPEN PAID',
    'SHIPPED PAID',
    'CANCELLED PAID',
  ]);
  expect(read.orders.get('Akhir')?.shippingAddress).toMatchObject({
    line1: 'Jalan Contoh 8',
    city: 'Jakarta Selatan',
    region: 'DKI Jakarta',
  });
});
