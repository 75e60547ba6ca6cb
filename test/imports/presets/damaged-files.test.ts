import { describe, expect, test } from 'vitest';
import { readText, tell } from './read-text.ts';

const header =
  'order_reference,placed_at,status,payment_status,currency,name,line1,city,postal_code,country,sku,quantity,unit_price,total';

const right = {
  order_reference: 'A-1',
  placed_at: '2025-02-13',
  status: 'DELIVERED',
  payment_status: 'CAPTURED',
  currency: 'GBP',
  name: 'Ann Example',
  line1: '1 Test Row',
  city: 'Leeds',
  postal_code: 'LS1 4ZZ',
  country: 'GB',
  sku: 'MUG',
  quantity: '2',
  unit_price: '5.00',
  total: '10.00',
};

const row = (changed: Partial<typeof right> = {}) => Object.values({ ...right, ...changed }).join(',');
const file = (...rows: readonly string[]) => `${[header, ...rows].join('\n')}\n`;
const sold = '1: 2 MUG at 5.00, 2 sent = 10.00 GBP, DELIVERED, PAID';

/** What is wrong with the one order of a file. */
async function faultOf(changed: Partial<typeof right>) {
  const { faults } = await readText(file(row(changed)));
  return [...faults.values()]
    .flat()
    .map(({ line, column, message }) => `${String(line)} ${String(column)}: ${String(message)}`);
}

describe('a cell as spreadsheets leave it', () => {
  test.each<[string, Partial<typeof right>, RegExp]>([
    ['a date as a number', { placed_at: '45701' }, /2 placed_at: "45701" is no date, but how a spreadsheet keeps one/],
    ['a date with its time as a number', { placed_at: '45701.42' }, /spreadsheet keeps one/],
    ['a shortened price', { unit_price: '1.2E+3' }, /2 unit_price: "1.2E\+3" is a number that a spreadsheet has short/],
    ['a share', { unit_price: '5%' }, /2 unit_price: "5%" is no amount/],
    ['a part of a piece', { quantity: '0.454' }, /2 quantity: "0.454" is no whole number of pieces/],
    ['a year of the Romans', { placed_at: '13/02/0025' }, /2 placed_at: "13\/02\/0025" is no day/],
    [
      'a postal code without its zero',
      { postal_code: '1067', country: 'DE' },
      /2 postal_code: "1067" has 4 of the 5 dig/,
    ],
    ['a postal code without two zeros', { postal_code: '501', country: 'US' }, /column\.postal_code=-/],
  ])('that is %s is refused with its row, its column and a remedy', async (_what, changed, message) => {
    expect(await faultOf(changed)).toEqual([expect.stringMatching(message)]);
  });

  test.each<[string, Partial<typeof right>]>([
    ['marks of writing direction', { order_reference: '\u200e1\u200f', quantity: '\u202d2\u202c', sku: '\u200bMUG' }],
    ['blanks that do not break', { order_reference: '1', quantity: '\u00a02\u00a0', unit_price: '5.00\u202f' }],
    ['a byte order mark of a file that was put behind another', { order_reference: '\ufeff1' }],
    ['the date of a database that has none', { order_reference: '1', placed_at: '0000-00-00 00:00:00' }],
    ['dashes where nothing is stated', { order_reference: '1', placed_at: '--', name: '—' }],
  ])('that holds %s means what it shows', async (_what, changed) => {
    expect(tell(await readText(file(row(changed))))).toEqual([sold]);
  });
});

test('a row whose cells were shifted by a comma is refused, where the last cells are empty as well', async () => {
  const wide = `${header},notes`;
  const read = await readText(`${wide}\n${row()},\n${row({ order_reference: 'A-2', name: 'Example, Ann' })},\n`);
  expect([...read.orders.keys()]).toEqual(['A-1']);
  expect(read.faults.get('A-2')).toMatchObject([{ line: 3, message: expect.stringContaining('has 16 cells') }]);
  // As systems write whose every row ends with a delimiter.
  const alike = await readText(file(`${row({ order_reference: '1' })},`, `${row({ order_reference: '2' })},`));
  expect([...alike.orders.keys()]).toEqual(['1', '2']);
});

test('a row without a reference may belong to the orders beside it, which are not taken in without it', async () => {
  const three = ['A-1', '', 'A-3', 'A-4'].map((reference) => row({ order_reference: reference }));
  const { orders, faults } = await readText(file(...three));
  expect([...orders.keys()]).toEqual(['A-4']);
  expect(faults.get('A-1')).toMatchObject([{ line: 2, message: expect.stringContaining('line 3 has no order ref') }]);
  expect(faults.get('A-3')).toMatchObject([{ line: 4, message: expect.stringContaining('line 3 has no order ref') }]);
});

test.each([
  ['{"orders": []}', 'a JSON file'],
  ['[\n {"reference": "A-1"}]', 'a JSON file'],
  ['{}', 'a JSON file'],
  ['\ufeff<?xml version="1.0"?><orders/>', 'an XML file'],
  ['<orders><order id="1"/></orders>', 'an XML file'],
  ['<table><tr><td>Order</td></tr></table>', 'a web page'],
  ['MIME-Version: 1.0\n', 'a saved web page'],
  ['{\\rtf1\\ansi Order}', 'a text document'],
  [`PK\u0003\u0004${'\0'.repeat(26)}Index/Document.iwa`, 'a Numbers document'],
])('a file that begins with %j is said to be %s', async (text, kind) => {
  await expect(readText(text)).rejects.toThrow(`It is ${kind}`);
});

test('a file whose every line stands in quotes is refused for that reason', async () => {
  const quoted = file(row()).replaceAll(/^(.+)$/gm, '"$1"');
  await expect(readText(quoted)).rejects.toThrow(/the whole line is one cell/);
});

const otherReports = [
  ['Handle,Title,Body (HTML),Vendor,Tags,Published,Option1 Name,Variant SKU,Variant Price', 'export Orders instead'],
  [
    'Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Phone,Total Spent,Total Orders',
    'export Orders instead',
  ],
  [
    'Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Available On,Amount,Fee,Net',
    'export Orders instead',
  ],
  [
    'settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tamount\tsku\tquantity-purchased',
    'request All Orders',
  ],
  [
    'Payment ID,Buyer Username,Buyer Name,Order ID,Gross Amount,Fees,Net Amount,Currency',
    'download Order Items instead',
  ],
  [
    'Date,Time,Time Zone,Gross Sales,Discounts,Net Sales,Tax,Tip,Total Collected,Transaction ID,Payment ID,Description',
    'export Items Detail CSV instead',
  ],
  ['Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID', 'export its orders instead'],
] as const;

test.each(otherReports)(
  'a report of a known system without items says which one has them: %s',
  async (columns, instead) => {
    const cells = columns.replaceAll(/[^,\t]+/g, 'x');
    for (const mode of ['new', 'history'] as const) {
      await expect(readText(`${columns}\n${cells}\n`, { mode })).rejects.toThrow(
        new RegExp(`without what was ordered.*${instead}`),
      );
    }
  },
);

test('such a report is read when the request names its columns or a preset', async () => {
  const text = 'Date,Time,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID\n1,2,3,4,5,EUR,7,8,9,10\n';
  await expect(readText(text, { named: { sku: 'Name' } })).rejects.not.toThrow(/without what was ordered/);
  await expect(readText(text, { preset: 'orders' })).rejects.not.toThrow(/without what was ordered/);
});
