import { describe, expect, test } from 'vitest';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';
import { table } from './table.ts';

const right = {
  order_reference: 'A-1',
  placed_at: '2026-02-13',
  email: 'ann@shop.example',
  name: 'Ann Ode',
  line1: '1 High St',
  city: 'London',
  country: 'GB',
  currency: 'EUR',
  sku: 'MUG',
  quantity: '2',
  unit_price: '10.00',
  discount: '0.00',
  total: '20.00',
  notes: '',
  payment_status: 'PAID',
};

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function fileOf(cells: Partial<typeof right>): string {
  const row = Object.fromEntries(Object.entries({ ...right, ...cells }).map(([name, cell]) => [name, quoted(cell)]));
  return table(Object.keys(right), [row]);
}

describe('a cell that can not be kept as what it names is a fault with its row and column', () => {
  test.each<[string, Partial<typeof right>, RegExp]>([
    ['a character that another program lost', { name: 'M\ufffdller' }, /export the file anew, as UTF-8/],
    ['a control character in an address', { line1: '1 High\u0007 St' }, /characters that do not show/],
    ['another direction of the text', { name: 'Ann \u202eedO' }, /change the direction/],
    ['a line break in a SKU', { sku: 'MUG\n1' }, /characters that do not show/],
    ['a SKU longer than any', { sku: 'S'.repeat(256) }, /longer than 255 characters/],
    ['a name longer than any', { name: 'x'.repeat(501) }, /longer than 500 characters/],
    ['two e-mail addresses', { email: 'a@b.example; c@d.example' }, /not one e-mail address/],
    ['an e-mail address with a name', { email: 'Ann <ann@shop.example>' }, /not one e-mail address/],
    ['half a piece', { quantity: '0.5' }, /no whole number of pieces/],
    ['a quantity with its unit', { quantity: '2 pcs' }, /no quantity/],
    ['a quantity in other digits', { quantity: '٢' }, /no number/],
    ['a percentage', { discount: '10%' }, /no amount/],
    ['a range of prices', { unit_price: '10-12' }, /no number/],
    ['a price of a program', { unit_price: '0x10' }, /no number/],
    ['a day that no month has', { placed_at: '2026-02-30' }, /no day of the calendar/],
    ['an hour that no day has', { placed_at: '2026-02-13 25:00:00' }, /no day of the calendar/],
    ['a year of another calendar', { placed_at: '13/02/2569' }, /no day of the calendar/],
    ['seconds since 1970', { placed_at: '1770976800' }, /no date/],
  ])('%s', async (_what, cells, reason) => {
    const { orders, faults } = await readText(fileOf(cells));
    expect([...orders]).toEqual([]);
    const [column] = Object.keys(cells);
    expect(faults.get('A-1')?.[0]).toMatchObject({ line: 2, column, message: expect.stringMatching(reason) });
  });
});

test('several lines of an address in one cell, a family of emoji and remarks of any kind are kept', async () => {
  const cells = { line1: '1 High St\nFlat 2', name: 'Ann 👩‍👩‍👧', notes: 'caf\ufffd\u0007' };
  expect(tell(await readText(fileOf(cells)))).toEqual(['A-1: 2 MUG at 10.00 = 20.00 EUR, OPEN, PAID']);
});

test('headers and fields with the names of what every object has are columns like any other', async () => {
  const text =
    'order_reference,__proto__,constructor,sku,quantity,unit_price,country,currency,payment_status\n1,x,y,MUG,1,1.00,GB,EUR,PAID\n';
  expect(tell(await readText(text))).toEqual(['1: 1 MUG at 1.00 = 1.00 EUR, OPEN, PAID']);
  const preset = `{"name":"x","title":"x","columns":{"order_reference":"a"},"packed":{"kind":"numbered","fields":{"constructor":"P {n}"}}}`;
  expect(() => readPresetFile(preset)).toThrow(/packed\/fields/);
});
