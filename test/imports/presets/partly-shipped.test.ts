import { expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

/** An order of Shopify that was shipped in part; each line has its pieces, the product and its state. */
const ofShopify = (number: string, lines: readonly (readonly [string, string, string])[], more = {}) =>
  lines.map(([quantity, sku, state], index) => ({
    Name: number,
    ...(index === 0 && {
      'Financial Status': 'paid',
      'Fulfillment Status': 'partial',
      Currency: 'USD',
      'Shipping Country': 'US',
      ...more,
    }),
    'Lineitem quantity': quantity,
    'Lineitem name': sku,
    'Lineitem price': '10.00',
    'Lineitem sku': sku,
    'Lineitem fulfillment status': state,
  }));

test('of two pieces that were shipped in part one is still to be sent; of more nobody can tell', async () => {
  const rows = [
    ...ofShopify('#1', [['2', 'MUG', 'partial']]),
    ...ofShopify('#2', [
      ['1', 'MUG', 'fulfilled'],
      ['3', 'BOARD', 'partial'],
    ]),
    ...ofShopify('#3', [
      ['1', 'MUG', 'pending'],
      ['3', 'BOARD', 'restocked'],
    ]),
  ];
  const read = await readText(table(Object.keys(rows[0] ?? {}), rows));
  expect(tell(read)).toEqual([
    '#1: 2 MUG at 10.00, 1 sent = 20.00 USD, PARTLY_SHIPPED, PAID',
    // What was taken out of its order is not sent any more.
    '#3: 1 MUG at 10.00; 3 BOARD at 10.00, 3 sent, 3 back = 40.00 USD, PARTLY_SHIPPED, PAID',
  ]);
  expect(read.faults.get('#2')).toMatchObject([
    {
      line: 4,
      column: 'Lineitem fulfillment status',
      message: expect.stringMatching(/3 pieces .* nothing says how many/),
    },
  ]);
});

/** An order of BigCommerce, whose prices are 10.00 a piece and whose shipping is 5.00, or 5.50 with tax. */
const ofBigcommerce = (
  number: string,
  lines: readonly (readonly [sku: string, quantity: number])[],
  more: Readonly<Record<string, string>>,
) => ({
  'Order ID': number,
  'Order Status': 'Partially Shipped',
  'Tax Total': '0.00',
  'Shipping Cost (inc tax)': '5.00',
  'Shipping Cost (ex tax)': '5.00',
  'Order Currency Code': 'USD',
  'Shipping Country': 'United States',
  'Product Details': `"${lines
    .map(([sku, quantity]) => `Product Qty: ${quantity}, Product SKU: ${sku}, Product Unit Price: 10.00`)
    .join('|')}"`,
  ...more,
});

test('lines that were taken out of an order say nothing of the others', async () => {
  const unfulfilled = { 'Fulfillment Status': 'unfulfilled' };
  const restocked = ['3', 'BOARD', 'restocked'] as const;
  const rows = [
    ...ofShopify('#1', [['1', 'MUG', 'pending'], restocked], unfulfilled),
    ...ofShopify('#2', [['1', 'MUG', 'fulfilled'], restocked]),
    ...ofShopify('#3', [restocked], { ...unfulfilled, 'Financial Status': 'refunded' }),
    ...ofShopify('#4', [restocked], { ...unfulfilled, 'Cancelled at': '2026-03-03' }),
  ];
  const read = await readText(table([...Object.keys(rows[0] ?? {}), 'Cancelled at'], rows));
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '#1: 1 MUG at 10.00; 3 BOARD at 10.00, 3 sent, 3 back = 40.00 USD, OPEN, PAID',
    '#2: 1 MUG at 10.00, 1 sent; 3 BOARD at 10.00, 3 sent, 3 back = 40.00 USD, DELIVERED, PAID',
    // Refunded before anything left: cancelled.
    '#3: 3 BOARD at 10.00 = 30.00 USD, OPEN, REFUNDED 30.00',
    '#4: 3 BOARD at 10.00 = 30.00 USD, CANCELLED, PAID',
  ]);
});

test('how many pieces of an order have left in all tells those of its only line, and of all lines where all have left', async () => {
  const rows = [
    ofBigcommerce('1', [['MUG', 3]], { 'Total Shipped': '2', 'Order Total (inc tax)': '35.00' }),
    ofBigcommerce(
      '2',
      [
        ['MUG', 2],
        ['CUP', 1],
      ],
      { 'Total Shipped': '3', 'Order Total (inc tax)': '35.00' },
    ),
    ofBigcommerce(
      '3',
      [
        ['MUG', 2],
        ['CUP', 1],
      ],
      { 'Total Shipped': '2', 'Order Total (inc tax)': '35.00' },
    ),
    ofBigcommerce('4', [['MUG', 1]], { 'Total Shipped': '2', 'Order Total (inc tax)': '15.00' }),
  ];
  const read = await readText(table(Object.keys(rows[0] ?? {}), rows));
  expect(tell(read)).toEqual([
    '1: 3 MUG at 10.00, 2 sent; shipping 5.00 = 35.00 USD, PARTLY_SHIPPED, PAID',
    '2: 2 MUG at 10.00, 2 sent; 1 CUP at 10.00, 1 sent; shipping 5.00 = 35.00 USD, SHIPPED, PAID',
  ]);
  expect(read.faults.get('3')).toMatchObject([{ message: expect.stringContaining('no line says how many pieces') }]);
  expect(read.faults.get('4')).toMatchObject([{ column: 'Total Shipped', message: 'is 2 of 1' }]);
});

test('shipping counts with its tax where prices hold the tax, and without it where they do not', async () => {
  const taxed = { 'Order Status': 'Completed', 'Shipping Cost (inc tax)': '5.50' };
  const rows = [
    ofBigcommerce('1', [['MUG', 2]], { ...taxed, 'Tax Total': '2.50', 'Order Total (inc tax)': '27.50' }),
    ofBigcommerce('2', [['MUG', 2]], { ...taxed, 'Tax Total': '2.32', 'Order Total (inc tax)': '25.50' }),
    ofBigcommerce('3', [['MUG', 2]], { ...taxed, 'Tax Total': '0.50', 'Order Total (inc tax)': '25.50' }),
    ofBigcommerce('4', [['MUG', 2]], { ...taxed, 'Tax Total': '0.50', 'Order Total (inc tax)': '25.00' }),
  ];
  const read = await readText(table([...Object.keys(rows[0] ?? {}), 'Total Shipped'], rows));
  expect(tell(read)).toEqual([
    '1: 2 MUG at 10.00, 2 sent; tax 2.50 on top; shipping 5.00 = 27.50 USD, DELIVERED, PAID',
    '2: 2 MUG at 10.00, 2 sent; tax 2.32 included; shipping 5.50 = 25.50 USD, DELIVERED, PAID',
    // Only shipping is taxed: both ways are true.
    '3: 2 MUG at 10.00, 2 sent; tax 0.50 on top; shipping 5.00 = 25.50 USD, DELIVERED, PAID',
  ]);
  expect(read.faults.get('4')).toMatchObject([{ message: expect.stringMatching(/25\.50 USD.*25\.00 USD/) }]);
});
