import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { formatTable } from '../../src/cli/orders/table.ts';
import { startProgressBar } from '../../src/cli/progress-bar.ts';
import { alignColumns } from '../../src/cli/text-table.ts';

test('columns are as wide as their contents, also with wide characters, and numbers are right-aligned', () => {
  const rows = [
    ['NAME', 'UNITS'],
    ['茶', '2'],
    ['mug', '10'],
  ];
  expect(alignColumns(rows, ['left', 'right'])).toEqual(['NAME  UNITS', '茶        2', 'mug      10']);
  expect(alignColumns([])).toEqual([]);
});

test('the last column is cut at the edge of the terminal, and control characters are removed', () => {
  const columns = [
    { title: 'SKU', of: ({ sku }: { sku: string; name: string }) => sku },
    { title: 'NAME', of: ({ name }: { sku: string; name: string }) => name },
  ];
  const text = formatTable(columns, [{ sku: 'TEA-001', name: 'Tea, Assam, \u001B[2J250 g' }], 20);
  expect(stripVTControlCharacters(text).split('\n')).toEqual(['SKU      NAME', 'TEA-001  Tea, Assam…']);
  expect(text).not.toContain('\u001B[2J');
});

test.each([0, 5, 12, 20, 24])('the last column can be read in a terminal of %d columns', (width) => {
  const columns = [
    { title: 'SKU', of: ({ sku }: { sku: string; name: string }) => sku },
    { title: 'NAME', of: ({ name }: { sku: string; name: string }) => name },
  ];
  const text = stripVTControlCharacters(
    formatTable(columns, [{ sku: 'A-LONG-SKU', name: 'Tea, Assam, 250 g' }], width),
  );
  expect(text).toMatch(/A-LONG-SKU {2}Tea, Assam,/);
});

test('without a terminal, progress is a line with count, rate, time left and outcomes', () => {
  let written = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  const bar = startProgressBar(200, stream);
  bar.update(50, { CONFIRMED: 40, VALIDATION: 10 });
  bar.stop();
  const last = written.trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^█{6}░{18} 50\/200 {2}\d+\/s {2}ETA \S+ {2}CONFIRMED 40 · VALIDATION 10$/);
});
