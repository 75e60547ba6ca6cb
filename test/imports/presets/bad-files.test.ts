import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Preset } from '../../../src/domain/preset.ts';
import { knownPresets } from '../../../src/imports/presets/known-presets.ts';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';

const page = readFileSync(new URL('../../../docs/presets.md', import.meta.url), 'utf8');
const own = readPresetFile(page.split('```json\n')[1]?.split('```')[0] ?? '');

const sample = (file: string) =>
  readFileSync(new URL(`samples/${file}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');

/** A file of each kind: several rows an order, tabs without quotes, lines packed in cells, a summary row, our own header, and a preset of one's own. */
const kinds = [
  { kind: 'shopify', text: sample('shopify.csv'), delimiter: ',' },
  { kind: 'amazon', text: sample('amazon-all-orders.txt'), delimiter: '\t', isUnquoted: true },
  { kind: 'woocommerce-webtoffee', text: sample('woocommerce-webtoffee.csv'), delimiter: ',' },
  { kind: 'ebay', text: sample('ebay.csv'), delimiter: ',' },
  {
    kind: 'orders',
    text: 'order_reference,sku,quantity,unit_price,payment_status\nA-1,MUG,1,5.00,CAPTURED\n',
    delimiter: ',',
  },
  { kind: 'my-shop', text: page.split('```csv\n')[1]?.split('```')[0] ?? '', delimiter: ';', preset: own },
];

const given = { defaults: { currency: 'EUR', country: 'DE' } };

/** What is said of a file that is refused as a whole. */
async function refusalOf(bytes: string | Uint8Array, preset?: Preset): Promise<string> {
  const error: unknown = await readText(bytes, { ...given, preset }, 64 * 1024).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? error.message : 'is not refused';
}

/** A row with this in its first cell, as wide as the header. */
function rowOf(text: string, delimiter: string, first: string): string {
  const header = text.split('\n').find((line) => line.includes(delimiter)) ?? '';
  return [
    first,
    ...header
      .split(delimiter)
      .slice(1)
      .map(() => 'x'),
  ].join(delimiter);
}

describe.each(kinds)('a file of $kind', ({ text, delimiter, isUnquoted = false, preset }) => {
  const read = (bytes: string | Uint8Array) => readText(bytes, { ...given, preset }, 64 * 1024);
  const refusal = (bytes: string | Uint8Array) => refusalOf(bytes, preset);
  const lines = text.split('\n').length;

  test('means the same with line ends of every kind, in turns, and in UTF-16', async () => {
    const right = tell(await read(text));
    expect(right.length).toBeGreaterThan(0);
    const ends = ['\r\n', '\n', '\r'];
    const mixed = text.split('\n').map((line, index) => `${line}${ends[index % ends.length] ?? ''}`);
    expect(tell(await read(mixed.join('')))).toEqual(right);
    expect(tell(await read(Buffer.from(`\ufeff${text}`, 'utf16le')))).toEqual(right);
  });

  test('of two encodings is refused', async () => {
    const both = Buffer.concat([Buffer.from(`${text}é\n`), Buffer.from([0xe9, 0x0a])]);
    expect(await refusal(both)).toContain('charset');
  });

  test('with a quote that is never closed is refused with the row and the cell, unless its cells are never in quotes', async () => {
    const open = rowOf(text, delimiter, `A-9${delimiter}"never closed`);
    const message = await refusal(`${text}${open}\n`);
    expect(message).toMatch(isUnquoted ? /is not refused/ : new RegExp(`line ${lines} has in cell 2 a quote`));
  });
});

test.each(kinds.slice(0, 2))(
  'a file of $kind with a line without an end, and one of a million cells, is refused with the line, before it fills the memory',
  async ({ text, delimiter }) => {
    const lines = text.split('\n').length;
    expect(await refusalOf(text + 'x'.repeat(1_100_000))).toContain(`line ${lines} is longer than`);
    expect(await refusalOf(`${text}${delimiter.repeat(990_000)}x\n`)).toMatch(
      new RegExp(`line ${lines} has 99.* columns`),
    );
    expect(await refusalOf(`${`x${delimiter}`.repeat(1_000_000)}\n${text}`)).toMatch(/line 1 is longer/);
  },
);

test('a header that stands in the file again is no order, and one with a name twice is refused if that is used', async () => {
  const shopify = sample('shopify.csv');
  const [header = ''] = shopify.split('\n');
  const right = await readText(shopify, given);
  expect(tell(await readText(`${shopify}${header}\n`, given))).toEqual(tell(right));
  const twice = shopify.replace(',Lineitem sku,', ',Total,');
  await expect(readText(twice, given)).rejects.toMatchObject({
    message: expect.stringMatching(/"Total" occurs twice, in columns \d+ and \d+/),
  });
});

function row(reference: string, article: string, price: string, total: string): string {
  return `${reference};13.02.2026;Ida;ida@shop.example;Deutschland;${article};1;${price};0,00;0,00;0,00;${total};sent;yes`;
}

test('ten thousand rows of one order, a sum beyond all amounts, a card number and a formula are faults of that order alone', async () => {
  const preset = { ...given, preset: own };
  const [header = ''] = (page.split('```csv\n')[1] ?? '').split('\n');
  const right = row('1', 'MUG-1', '10,00', '10,00');
  const read = await readText(
    [
      header,
      right,
      row('2', 'MUG-1', '90071992547409,91', '90071992547409,91'),
      row('2', 'MUG-2', '90071992547409,91', '90071992547409,91'),
      row('3', 'MUG-1', '99999999999999999999,00', '10,00'),
      row('4', '4111 1111 1111 1111', '10,00', '10,00'),
      row('5', "'=HYPERLINK(1)", '10,00', '10,00'),
      '',
    ].join('\n'),
    preset,
  );
  expect(tell(read)).toEqual([
    '1: 1 MUG-1 at 10.00, 1 sent = 10.00 EUR, SHIPPED, PAID',
    '5: 1 =HYPERLINK(1) at 10.00, 1 sent = 10.00 EUR, SHIPPED, PAID',
  ]);
  const faults = Object.fromEntries([...read.faults].map(([reference, [first]]) => [reference, first]));
  expect(faults['2']?.message).toContain('too large');
  expect(faults['3']).toMatchObject({ line: 5, column: 'Price', message: expect.stringContaining('is too large') });
  expect(faults['4']).toMatchObject({ line: 6, message: expect.stringContaining('card number') });
  const many = await readText(
    [header, ...Array.from({ length: 10_000 }, () => right), ''].join('\n'),
    preset,
    64 * 1024,
  );
  expect(many.faults.size + many.orders.size).toBe(1);
});

test('a quote in a report of Amazon with tabs is a character of its cell, and an errors file keeps it', async () => {
  const amazon = sample('amazon-all-orders.txt');
  const names = amazon.split('\n')[0]?.split('\t') ?? [];
  const at = names.indexOf('product-name');
  const quoted = amazon
    .split('\n')
    .map((line, index) => {
      const cells = line.split('\t');
      if (index === 1) cells[at] = '"Blue" lamp, 12" wide';
      if (index === 2) cells[at] = '"Half a quote';
      return cells.join('\t');
    })
    .join('\n');
  const read = await readText(quoted, given);
  expect([...read.faults]).toEqual([]);
  const named = [...read.orders.values()].flatMap(({ lines }) => lines.map(({ name }) => name));
  expect(named).toEqual(expect.arrayContaining(['"Blue" lamp, 12" wide', '"Half a quote']));
});

test('no known preset but those of reports with tabs goes without quotes', () => {
  const unquoted = knownPresets.filter((preset) => preset.unquoted !== undefined).map(({ name }) => name);
  expect(unquoted).toEqual(['amazon', 'amazon-unshipped']);
});
