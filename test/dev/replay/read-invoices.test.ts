import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildOrderRequest } from '../../../dev/replay/order-request.ts';
import { GUEST, isSkipped, parseInvoices, readInvoices } from '../../../dev/replay/read-invoices.ts';
import { fixtureFile, invoiceOf, readFixture } from './fixture.ts';

const header = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: string | Uint8Array): Promise<string> {
  const file = join(folder, 'file.csv');
  await writeFile(file, content);
  return file;
}

describe('a file of invoices', () => {
  test('gives each invoice once, in order of first appearance, with rows that stand apart', async () => {
    const invoices = await readFixture();
    expect(invoices.map(({ number }) => number)).toEqual(
      '536001 536002 C536003 A536004 536005 536006 536007 536008 536010 536011 536012 536009'.split(' '),
    );
    expect(invoiceOf(invoices, '536001').lines.map(({ sku, quantity }) => [sku, quantity])).toEqual([
      ['10001A', '6'],
      ['10002', '4'],
      ['10002', '1'],
    ]);
    expect(invoiceOf(invoices, '536001').date).toBe('2010-12-01 08:26:00');
  });

  test('skips cancellations and adjustments only', async () => {
    const skipped = (await readFixture()).filter(isSkipped).map(({ number }) => number);
    expect(skipped).toEqual(['C536003', 'A536004']);
  });

  test('names customers without decimals, and a row without one is the guest', async () => {
    const invoices = await readFixture();
    expect(invoiceOf(invoices, '536001').customerId).toBe('10001');
    expect(invoiceOf(invoices, '536002').customerId).toBe(GUEST);
  });

  test('keeps commas and quotes of a quoted cell', async () => {
    expect(invoiceOf(await readFixture(), '536002').lines[0]?.description).toBe('PLATE, 7" ROUND');
  });

  test('reads UTF-8 with or without a byte order mark, CRLF, and what spreadsheets write', async () => {
    const row = `${header}\r\n1,A,VOUCHER £40,1,2010-12-01,34.04,,United Kingdom\r\n`;
    for (const bytes of [Buffer.from(row), Buffer.from(`\uFEFF${row}`), Buffer.from(row, 'latin1')]) {
      const [invoice] = await readInvoices(await fileOf(bytes));
      expect(invoice?.lines[0]?.description).toBe('VOUCHER £40');
      expect(invoice?.country).toBe('United Kingdom');
    }
  });

  test.each([
    ['is missing', undefined, /can't be read: ENOENT/],
    ['is empty', '', /no rows/],
    ['has only a header', `${header}\n`, /no rows/],
    ['lacks columns', 'InvoiceNo,StockCode\n1,2\n', /column Description, Quantity, .* missing/],
    ['has a short row', `${header}\n1,2,3\n`, /not a valid file of invoices: Invalid Record Length/],
    ['has a row without invoice', `${header}\n,A,B,1,2010-12-01,1,,X\n`, /row 1 has no InvoiceNo/],
    ['is no text', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x00, 0x0a]), /column .* missing/],
  ])('that %s is told in one line', async (_, content, message) => {
    const file = content === undefined ? join(folder, 'none.csv') : await fileOf(content);
    const failure = readInvoices(file);
    await expect(failure).rejects.toMatchObject({ name: 'ReplayError', message: expect.not.stringContaining('\n') });
    await expect(failure).rejects.toThrow(message);
  });

  test('loses no row and changes no cell, however the rows are mixed', () => {
    const row = fc.record({
      number: fc.constantFrom('1', '2', '3'),
      sku: fc.stringMatching(/^[A-Z0-9]{1,6}$/),
      quantity: fc.integer().map(String),
      price: fc.stringMatching(/^-?\d{1,4}\.\d{1,3}$/),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1 }), (rows) => {
        const text = rows.map((r) => `${r.number},${r.sku},"a ""b"", c",${r.quantity},d,${r.price},,UK`);
        const invoices = parseInvoices([header, ...text].join('\n'));
        for (const number of new Set(rows.map((r) => r.number))) {
          expect(invoiceOf(invoices, number).lines).toEqual(
            rows
              .filter((r) => r.number === number)
              .map(({ sku, quantity, price }) => ({ sku, description: 'a "b", c', quantity, unitPrice: price })),
          );
        }
      }),
    );
  });
});

describe('the request of an invoice', () => {
  test('has every line as it stands, also what the rules forbid', async () => {
    const invoices = await readFixture();
    const items = (number: string) => buildOrderRequest(invoiceOf(invoices, number)).items;
    expect(items('536005')).toEqual([{ sku: '10004', quantity: -20, unit_price: '0.0' }]);
    expect(items('536007')[0]).toEqual({ sku: 'PADS', quantity: 1, unit_price: '0.001' });
    expect(items('536008')).toEqual([{ sku: '10005', quantity: 80_995, unit_price: '2.08' }]);
    expect(items('536009')).toHaveLength(51);
    expect(items('536001')[0]?.unit_price).toBe('2.1');
  });

  test('leaves a quantity that is no number to the API to refuse', () => {
    const [invoice] = parseInvoices(`${header}\n1,A,B,many,d,1,,X\n`);
    expect(invoice && buildOrderRequest(invoice).items[0]?.quantity).toBe('many');
  });

  test('is the same from whichever file the invoice comes', async () => {
    const [first] = await readInvoices(fixtureFile);
    const again = parseInvoices(
      `${header}\n9,X,Y,1,d,1,,Z\n536001,10001A,RED MUG,6,2010-12-01 08:26:00,2.1,10001,United Kingdom\n` +
        '536001,10002,B,4,d,3.39,10001,United Kingdom\n536001,10002,B,1,d,3.39,10001,United Kingdom\n',
    )[1];
    expect(first && again && JSON.stringify(buildOrderRequest(again))).toBe(
      first && JSON.stringify(buildOrderRequest(first)),
    );
  });
});
