import { expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

/** An order of Magento 1 with lines at 10.00 a piece: the product, how many were ordered, sent and cancelled. */
const ofMagento = (
  number: string,
  total: string,
  lines: readonly (readonly [sku: string, ordered: string, sent: string, cancelled: string])[],
  more: Readonly<Record<string, string>> = {},
) =>
  lines.map(([sku, ordered, sent, cancelled]) => ({
    'Order Number': number,
    'Order Date': '2015-03-02 10:00:00',
    'Order Status': 'complete',
    'Order Grand Total': total,
    'Shipping Country': 'US',
    'Item SKU': sku,
    'Item Price': '10.00',
    'Item Qty Ordered': ordered,
    'Item Qty Shipped': sent,
    'Item Qty Canceled': cancelled,
    ...more,
  }));

test('a line of which all pieces were cancelled is left out where the total is without it; of some pieces nothing says what the others come to', async () => {
  const rows = [
    ...ofMagento('1', '20.00', [
      ['MUG', '2.0000', '2.0000', '0.0000'],
      ['BOARD', '3.0000', '0.0000', '3.0000'],
    ]),
    ...ofMagento('2', '50.00', [
      ['MUG', '2', '2', '0'],
      ['BOARD', '3', '0', '3'],
    ]),
    ...ofMagento('3', '30.00', [['MUG', '3', '2', '1']]),
    ...ofMagento('4', '30.00', [['MUG', '3', '0', '4']]),
    ...ofMagento('5', '30.00', [['MUG', '3', '0', '3']], { 'Order Status': 'canceled' }),
    ...ofMagento('6', '30.00', [['MUG', '3', '', '']]),
  ];
  const read = await readText(table(Object.keys(rows[0] ?? {}), rows), { defaults: { currency: 'USD' } });
  expect(tell(read)).toEqual([
    '1: 2 MUG at 10.00, 2 sent = 20.00 USD, DELIVERED, PAID',
    '5: 3 MUG at 10.00 = 30.00 USD, CANCELLED, UNPAID',
    '6: 3 MUG at 10.00, 3 sent = 30.00 USD, DELIVERED, PAID',
  ]);
  const fault = (reference: string) => read.faults.get(reference)?.map(({ column, message }) => [column, message]);
  expect(fault('2')).toEqual([
    [undefined, expect.stringMatching(/come to 20\.00 USD, but the file states a total of 50\.00 USD/)],
  ]);
  expect(fault('3')).toEqual([['Item Qty Canceled', expect.stringMatching(/^1 of 3 pieces were cancelled/)]]);
  expect(fault('4')).toEqual([['Item Qty Canceled', 'is 4 of 3']]);
});
