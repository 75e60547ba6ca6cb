import { describe, expect, test } from 'vitest';
import type { Preset } from '../../../src/domain/preset.ts';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { parseDate, readDateOrder, toMoment } from '../../../src/imports/presets/read-date.ts';
import { parseFigure, readFigure } from '../../../src/imports/presets/read-figure.ts';
import { readText, tell } from './read-text.ts';

const shop = readPresetFile(
  JSON.stringify({
    name: 'my-shop',
    title: 'My shop',
    columns: {
      order_reference: 'No',
      placed_at: 'Date',
      country: 'Land',
      sku: 'Article',
      quantity: 'Pieces',
      unit_price: 'Price',
      discount: 'Rebate',
      tax: 'VAT',
      shipping: 'Freight',
      total: 'Sum',
      payment_state: 'Paid',
    },
    words: { payment_state: { yes: 'PAID', no: 'UNPAID' } },
  }),
);
const header = 'No;Date;Land;Article;Pieces;Price;Rebate;VAT;Freight;Sum;Paid';
const given = { preset: shop, defaults: { currency: 'EUR' } };
const read = (...rows: string[]) => readText([header, ...rows, ''].join('\n'), given);

function number(text: string, decimal: '.' | ',' | 'mixed' | null = null) {
  const figure = parseFigure(text);
  const found = figure && readFigure(figure, decimal);
  if (!found || 'fault' in found) return found?.fault;
  return `${found.isNegative ? '-' : ''}${found.digits}e-${found.decimals}`;
}

function moment(text: string, dates: 'DMY' | 'MDY' | 'YMD' | null = null, timeZone = 'UTC') {
  const date = parseDate(text);
  const found = date && toMoment(date, { dates, timeZone });
  return found instanceof Date ? found.toISOString() : found?.fault;
}

describe('a number', () => {
  test.each([
    ['1.234,56', '123456e-2'],
    ['1,234.56', '123456e-2'],
    ["1'234.50", '12345e-1'],
    ['1\u00a0234,5', '12345e-1'],
    ['12,34,567.00', '1234567e-0'],
    ['1.234.567', '1234567e-0'],
    ['$1,245.99', '124599e-2'],
    ['-$3.00', '-3e-0'],
    ['(12.50)', '-125e-1'],
    ['0,125', '125e-3'],
    ['1234.567', '1234567e-3'],
  ])('%s is read without any other number', (text, meaning) => {
    expect(number(text)).toBe(meaning);
  });

  test('of three digits after its only separator is read by what the file shows, and refused where it shows nothing', () => {
    expect(number('1,234', '.')).toBe('1234e-0');
    expect(number('1,234', ',')).toBe('1234e-3');
    expect(number('1.234', ',')).toBe('1234e-0');
    expect(number('1,234')).toMatch(/no other number/);
    expect(number('1,234', 'mixed')).toMatch(/both/);
  });

  test.each(['', 'abc', '1,2,3', '1.23.456', '1 23', '1,234.567.8', '9'.repeat(100)])('%j is none', (text) => {
    expect(number(text)).toBeUndefined();
  });
});

test('the decimal sign that the caller states counts where a number alone does not show it', async () => {
  const row = 'A-1;13.02.2026;DE;MUG;1;1.250;0;0;0;1.250;yes';
  const of = (decimal?: '.' | ',') =>
    readText(`${header}\n${row}\n`, { ...given, defaults: { currency: 'KWD' }, decimal });
  expect((await of()).faults.get('A-1')?.[0]?.message).toContain('state decimal=. or decimal=,');
  expect(tell(await of('.'))).toEqual(['A-1: 1 MUG at 1.250 = 1.250 KWD, OPEN, PAID']);
  expect(tell(await of(','))).toEqual(['A-1: 1 MUG at 1250.000 = 1250.000 KWD, OPEN, PAID']);
});

test.each([
  ['Rp', 'IDR'],
  ['RM', 'MYR'],
  ['€', 'EUR'],
])('%s beside an amount names the currency %s', async (sign, currency) => {
  const row = `A-1;13.02.2026;DE;MUG;1;${sign}15.000,50;0;0;0;${sign}15.000,50;yes`;
  expect(tell(await readText(`${header}\n${row}\n`, { preset: shop }))).toEqual([
    `A-1: 1 MUG at 15000.50 = 15000.50 ${currency}, OPEN, PAID`,
  ]);
});

describe('a date', () => {
  test.each([
    ['2026-03-02 10:15:00 +0100', '2026-03-02T09:15:00.000Z'],
    ['2026-03-02T10:15:00Z', '2026-03-02T10:15:00.000Z'],
    ['Mar-02-26', '2026-03-02T00:00:00.000Z'],
    ['March 2, 2026 4:05 PM', '2026-03-02T16:05:00.000Z'],
    ['2. März 2026', '2026-03-02T00:00:00.000Z'],
    ['02.03.2026 10:15', '2026-03-02T10:15:00.000Z'],
    ['13/02/2026', '2026-02-13T00:00:00.000Z'],
    ['02/13/26', '2026-02-13T00:00:00.000Z'],
    ['03/03/2026', '2026-03-03T00:00:00.000Z'],
    ['2026-02-13 14:00:00 Eastern Time (US & Canada)', '2026-02-13T19:00:00.000Z'],
    ['2026-03-02 12:00 AM PST', '2026-03-02T08:00:00.000Z'],
  ])('%s is certain', (text, utc) => {
    expect(moment(text)).toBe(utc);
  });

  test('that may be day or month first is read by what the file or the caller says, and refused otherwise', () => {
    expect(moment('03/02/26', 'MDY')).toBe('2026-03-02T00:00:00.000Z');
    expect(moment('03/02/26', 'DMY')).toBe('2026-02-03T00:00:00.000Z');
    expect(moment('03/02/26')).toMatch(/date_format/);
    expect(moment('31/02/2026')).toMatch(/no day/);
    expect(readDateOrder('DD/MM/YYYY hh:mm')).toBe('DMY');
    expect(readDateOrder('MM/YYYY')).toBeUndefined();
  });

  test('without a zone is in the zone that is stated for the file', () => {
    expect(moment('2026-07-01 12:00', null, 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z');
  });
});

describe('the sum of an order', () => {
  test('tells whether prices hold the tax', async () => {
    const told = tell(
      await read(
        'A-1;13.02.2026;DE;MUG;2;11,90;0;3,80;0;23,80;yes',
        'A-2;13.02.2026;DE;MUG;2;10,00;0;3,80;0;23,80;yes',
      ),
    );
    expect(told).toEqual([
      'A-1: 2 MUG at 11.90; tax 3.80 included = 23.80 EUR, OPEN, PAID',
      'A-2: 2 MUG at 10.00; tax 3.80 on top = 23.80 EUR, OPEN, PAID',
    ]);
  });

  test('that differs from the stated total is a fault with both figures, unless it is within the tolerance', async () => {
    const row = 'A-1;13.02.2026;DE;MUG;2;10,00;1,00;0;5,00;24,02;no';
    const { faults } = await read(row);
    expect(faults.get('A-1')).toMatchObject([{ message: expect.stringMatching(/24\.00 EUR.*24\.02 EUR/) }]);
    const told = tell(await readText(`${header}\n${row}\n`, { ...given, tolerance: '0.02' }));
    expect(told).toEqual(['A-1: 2 MUG at 10.00; discount 1.00; shipping 5.00; fees 0.02 = 24.02 EUR, OPEN, UNPAID']);
  });

  test('beyond what can be kept is a fault', async () => {
    const { faults, orders } = await read('A-1;13.02.2026;DE;MUG;999999;99999999999999,00;0;0;0;1,00;yes');
    expect(orders.size).toBe(0);
    expect(faults.get('A-1')?.[0]?.message).toMatch(/more than can be kept|too large/);
  });
});

describe('rows', () => {
  test('without a number belong to the order above, and the header again, a preamble and sep= are no orders', async () => {
    const text = [
      'sep=;',
      'Orders of February',
      '',
      header,
      'A-1;13.02.2026;DE;MUG;1;10,00;0;0;0;15,00;yes',
      header,
      ';;;BOARD;1;5,00;;;;;',
      '',
    ].join('\r\n');
    expect(tell(await readText(text, given))).toEqual(['A-1: 1 MUG at 10.00; 1 BOARD at 5.00 = 15.00 EUR, OPEN, PAID']);
  });

  test('that contradict each other, or hold a card number or an unknown word, are faults with their row and column', async () => {
    const { faults } = await read(
      'A-1;13.02.2026;DE;MUG;1;10,00;0;0;0;15,00;yes',
      'A-1;13.02.2026;DE;MUG;1;10,00;0;0;0;16,00;yes',
      'A-2;13.02.2026;Atlantis;4111 1111 1111 1111;1;10,00;0;0;0;10,00;maybe',
    );
    expect(faults.get('A-1')).toMatchObject([{ line: 3, column: 'Sum', message: expect.stringContaining('line 2') }]);
    expect(JSON.stringify(faults.get('A-2'))).toContain('card number');
    expect(JSON.stringify(faults.get('A-2'))).not.toContain('4111 1111');
  });
});

test('several lines in one cell are lines of their own, with their values in several columns or with names before them', async () => {
  const aligned: Preset = {
    ...shop,
    packed: { kind: 'aligned', fields: ['sku', 'quantity', 'unit_price'], between_lines: '|' },
  };
  const text = `${header}\nA-1;13.02.2026;DE;MUG|BOARD;2|1;10,00|5,50;0;0;0;25,50;yes\n`;
  expect(tell(await readText(text, { ...given, preset: aligned }))).toEqual([
    'A-1: 2 MUG at 10.00; 1 BOARD at 5.50 = 25.50 EUR, OPEN, PAID',
  ]);
});

describe('a file', () => {
  test.each([
    ['PK\u0003\u0004 xl/workbook.xml', /Excel file \(\.xlsx\)/],
    ['PK\u0003\u0004 orders.csv', /ZIP archive/],
    ['%PDF-1.7', /PDF/],
    ['<!DOCTYPE html><title>Sign in</title>', /web page/],
  ])('of another kind is refused by its name: %j', async (text, kind) => {
    await expect(readText(text)).rejects.toThrow(kind);
  });

  test('with a header twice, or without what every order needs, is refused', async () => {
    await expect(readText('No;No;Article;Pieces\n1;1;MUG;1\n', given)).rejects.toThrow(
      /occurs twice, in columns 1 and 2/,
    );
    await expect(readText('No;Article\n1;MUG\n', given)).rejects.toThrow(/no column for quantity/);
  });

  test.each([
    ['{', 'is no JSON'],
    ['{"name":"x","title":"X","columns":{"colour":"Farbe"}}', 'colour'],
    ['{"name":"x","title":"X","columns":{},"words":{"state":{"gone":"LOST"}}}', '/words/state/gone'],
  ])('with a preset that can not be used is refused with the place: %s', (text, place) => {
    expect(() => readPresetFile(text)).toThrow(place);
  });
});

describe('a file with our own header', () => {
  const row = 'MUG,1,5.00,CAPTURED,DE,EUR';
  const own = (headers: string, cells: string) =>
    readText(`${headers},sku,quantity,unit_price,payment_status,country,currency\n${cells},${row}\n`);

  const readState = async (state: string, options = {}) => {
    const { orders, faults } = await readText(
      `order_reference,line1,city,state,sku,quantity,unit_price,payment_status,country,currency\n1,1 High St,Reno,${state},${row}\n`,
      options,
    );
    return orders.get('1') ?? faults.get('1');
  };

  test('that has two columns for one field is refused until one of them is named', async () => {
    await expect(own('order_number,invoice_number', '1,2')).rejects.toThrow(
      /"order_number" and "invoice_number" may both be order_reference/,
    );
    const named = { named: { order_reference: 'invoice_number' } };
    const text = `order_number,invoice_number,sku,quantity,unit_price,payment_status,country,currency\n1,2,${row}\n`;
    expect(tell(await readText(text, named))).toEqual(['2: 1 MUG at 5.00 = 5.00 EUR, OPEN, PAID']);
  });

  test('takes a column `state` for how the order stands, or for a part of the address, and never for both', async () => {
    expect(await readState('SHIPPED')).toMatchObject({ state: 'SHIPPED', shippingAddress: { city: 'Reno' } });
    expect(await readState('SHIPPED')).not.toHaveProperty('shippingAddress.region');
    expect(await readState('NV')).toMatchObject([
      { column: 'state', message: expect.stringContaining('column.state=-') },
    ]);
    expect(await readState('NV', { named: { state: '-' } })).toMatchObject({
      state: 'OPEN',
      shippingAddress: { region: 'NV' },
    });
  });

  test('and order numbers that a spreadsheet has shortened, or has not found, is not read', async () => {
    for (const reference of ['1.23457E+12', '#N/A']) {
      const { faults } = await own('order_reference', reference);
      expect(faults.get(reference)).toMatchObject([{ line: 2, column: 'order_reference' }]);
    }
  });
});

test('a field of another system may be named, and a name that the header does not have is refused', async () => {
  const row = 'A-1;13.02.2026;DE;MUG;1;10,00;0;0;0;10,00;yes';
  const named = (name: string) => readText(`${header}\n${row}\n`, { ...given, named: { notes: name } });
  expect((await named('Land')).orders.get('A-1')?.notes).toBe('DE');
  await expect(named('Remarks')).rejects.toThrow(/column\.notes names "Remarks", which the header does not have/);
});
