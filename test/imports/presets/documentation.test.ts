import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { presetFields } from '../../../src/domain/preset-fields.ts';
import { knownPresets } from '../../../src/imports/presets/known-presets.ts';
import { readPresetFile } from '../../../src/imports/presets/preset-schema.ts';
import { readText, tell } from './read-text.ts';

const page = readFileSync(new URL('../../../docs/presets.md', import.meta.url), 'utf8');
const block = (language: string, nth = 1) => page.split(`\`\`\`${language}\n`)[nth]?.split('```')[0] ?? '';

test('the page of presets names every known system and every field', () => {
  for (const { name, title } of knownPresets) expect(page).toContain(`| \`${name}\` | ${title} |`);
  expect(presetFields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});

test('the preset on the page reads the file on the page', async () => {
  const read = await readText(block('csv'), { preset: readPresetFile(block('json')) });
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '5001: 2 MUG-1 at 11.90, 2 sent; 1 BOARD-1 at 21.20, 1 sent; tax 7.98 included; shipping 5.00 = 50.00 EUR, SHIPPED, PAID',
    '5002: 1 MUG-1 at 11.90; discount 1.90 = 10.00 EUR, OPEN, UNPAID',
  ]);
});

test('the preset on the page for lines in numbered columns reads the file beside it', async () => {
  const read = await readText(block('csv', 2), { preset: readPresetFile(block('json', 2)) });
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '7001: 2 MUG-1 at 12.50; 1 BOARD-1 at 20.00; shipping 5.00 = 50.00 EUR, OPEN, PAID',
    '7002: 1 MUG-1 at 12.50 = 12.50 EUR, OPEN, PAID',
  ]);
});

test('the preset on the page for JSON, cents and Unix time reads the file beside it', async () => {
  const read = await readText(block('csv', 3), { preset: readPresetFile(block('json', 3)) });
  expect([...read.faults]).toEqual([]);
  expect(tell(read)).toEqual([
    '9001: 2 MUG-1 at 14.90, 2 sent; 1 BOOK at 20.00, 1 sent; tax 6.07 included; shipping 4.90 = 54.70 EUR, SHIPPED, PAID',
    '9002: 1 MUG-1 at 14.90; tax 2.48 included = 14.90 EUR, CANCELLED, UNPAID',
  ]);
  expect(read.orders.get('9001')?.placedAt).toEqual(new Date('2026-02-13T10:14:00Z'));
});

test('the extension on the page is one of a known preset', () => {
  const extended = readPresetFile(block('json', 4));
  expect(extended).toMatchObject({ name: 'woocommerce', columns: { fees: 'Gift Wrap', sku: 'SKU' } });
  expect(extended.words?.state).toMatchObject({ processing: 'OPEN', 'pre-order': 'OPEN' });
});
