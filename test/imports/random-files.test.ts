import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMoney } from '../../src/domain/money.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import { buildOrderRequest } from '../../src/imports/build-order-request.ts';
import { readOrderLines } from '../../src/imports/read-order-lines.ts';
import { orderRequestSchema } from '../../src/orders/order-request.ts';
import type { ReferencedLine } from '../../src/repositories/import-uploads.ts';
import {
  encode,
  meantRows,
  plainWritings,
  UNUSED,
  writeFile,
  writings,
  type MeantRow,
  type Writing,
} from './random-file.ts';

const schema = orderRequestSchema({ maxItems: 50, shippingRates: { standard: '0' } });

/** What is read of an order, as far as a row can mean it; `undefined` when it is refused with a reason. */
type ReadOrder = ReturnType<typeof meaningOf> | undefined;

/** Reads a file as an import does; `undefined` when it is refused as a whole, with a reason. */
async function read(bytes: Buffer, { currency }: Writing, size: number): Promise<Map<string, ReadOrder> | undefined> {
  const lines: ReferencedLine[] = [];
  const defaults = { currency, paymentMethod: 'tok_ok', country: 'IT' };
  try {
    const format = await readOrderLines(
      chunksOf(bytes, size),
      { encoding: undefined, delimiter: undefined, named: {}, defaults },
      (some) => Promise.resolve(void lines.push(...some)),
    );
    const orders = Map.groupBy(lines, ({ reference }) => reference);
    return new Map(Array.from(orders, ([reference, own]) => [reference, readOrder(reference, own, format, currency)]));
  } catch (error) {
    if (!(error instanceof Refusal) || error.details.length === 0) throw error;
    return undefined;
  }
}

function readOrder(
  reference: string,
  lines: readonly ReferencedLine[],
  format: Parameters<typeof buildOrderRequest>[2],
  currency: string,
): ReadOrder {
  if (reference === '') return undefined;
  const built = buildOrderRequest(reference, lines, format);
  if ('faults' in built) {
    expect(built.faults.every(({ message }) => /\w/.test(message ?? ''))).toBe(true);
    return undefined;
  }
  const { data } = schema.safeParse(built.request);
  return (
    data && {
      customer: data.customer_id,
      country: data.shipping_address.country,
      notes: data.notes?.replaceAll(/\r\n?/g, '\n') ?? '',
      items: data.items.map(({ sku, quantity, unit_price: price = '' }) => [
        sku,
        quantity,
        parseMoney(price, currency),
      ]),
    }
  );
}

function meaningOf(rows: readonly MeantRow[]) {
  const [first] = rows;
  return {
    customer: first?.customer,
    country: first?.country,
    notes: first?.notes,
    items: rows.map(({ sku, quantity, price }) => [sku, quantity, price] as (string | number | undefined)[]),
  };
}

const meanings = (rows: readonly MeantRow[]) =>
  new Map(
    Array.from(
      Map.groupBy(rows, ({ reference }) => reference),
      ([reference, own]) => [reference, meaningOf(own)],
    ),
  );

async function* chunksOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** The orders that were read otherwise than they were meant. */
function misread(found: Map<string, ReadOrder> | undefined, meant: ReturnType<typeof meanings>): unknown[] {
  return Array.from(found ?? []).filter(
    ([reference, order]) => order && !isDeepStrictEqual(order, meant.get(reference)),
  );
}

const sizes = fc.constantFrom(1, 2, 7, 64, 100_000);

test('a file in which nothing is ambiguous is read as it was meant, whatever its signs, quotes, encoding and line ends', async () => {
  await fc.assert(
    fc.asyncProperty(meantRows, plainWritings, sizes, async (rows, writing, size) => {
      expect(await read(writeFile(rows, writing), writing, size)).toEqual(meanings(rows));
    }),
    { numRuns: 400 },
  );
});

test('of any file each order is read as it was meant, or refused with a reason', async () => {
  let readOrders = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(meantRows, writings, sizes, async (rows, writing, size) => {
      const found = await read(writeFile(rows, writing), writing, size);
      expect(misread(found, meanings(rows))).toEqual([]);
      for (const order of found?.values() ?? []) {
        if (order) readOrders += 1;
        else refused += 1;
      }
    }),
    { numRuns: 600 },
  );
  expect(Math.min(readOrders, refused)).toBeGreaterThan(100);
});

test('of a file that is cut off anywhere no order is read that lacks a part of a row', async () => {
  await fc.assert(
    fc.asyncProperty(
      meantRows,
      plainWritings,
      sizes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (rows, writing, size, share) => {
        const whole = writeFile(rows, writing);
        const cut = whole.subarray(0, Math.floor(whole.length * share));
        // The rows of which all that is used is there.
        const kept = rows.findLastIndex((_, index) =>
          isWhole(cut, writeFile(rows.slice(0, index + 1), { ...writing, endsLastLine: false }), writing),
        );
        expect(misread(await read(cut, writing, size), meanings(rows.slice(0, kept + 1)))).toEqual([]);
      },
    ),
    { numRuns: 600 },
  );
});

/** Whether a cut file holds of `rows` all but the rest of the last cell, which is not used; in quotes it has to be there to the end. */
function isWhole(cut: Buffer, rows: Buffer, { quotesEverything, encoding, blanksAround }: Writing): boolean {
  const lastCell = quotesEverything ? '' : `${blanksAround}${UNUSED}${blanksAround}`;
  return cut.length >= rows.length - encode(lastCell, encoding).length;
}

test('a file of UTF-8 with a stray byte anywhere is refused, or nothing in it is read wrongly', async () => {
  const utf8 = plainWritings.map((writing): Writing => ({ ...writing, encoding: 'utf-8' }));
  await fc.assert(
    fc.asyncProperty(
      meantRows,
      utf8,
      sizes,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.integer({ min: 0x80, max: 0xff }),
      async (rows, writing, size, share, byte) => {
        const meant = rows.map((row) => ({ ...row, notes: 'Grüße' }));
        const whole = writeFile(meant, writing);
        const at = Math.floor(whole.length * share);
        const damaged = Buffer.concat([whole.subarray(0, at), Buffer.from([byte]), whole.subarray(at)]);
        expect(await read(damaged, writing, size)).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});

test('an order is refused when a row that lacks its reference may be its own', async () => {
  await fc.assert(
    fc.asyncProperty(meantRows, plainWritings, sizes, fc.nat(), async (rows, writing, size, seed) => {
      const lacking = seed % rows.length;
      const written = rows.map((row, index) => (index === lacking ? { ...row, reference: '' } : row));
      expect(misread(await read(writeFile(written, writing), writing, size), meanings(rows))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
