import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildCostsTable, buildHintsTable, buildNeedsTable, buildSalesTable } from './capacity-tables.ts';
import { root } from './read-pages.ts';

const page = readFileSync(join(root, 'docs/capacity.md'), 'utf8');

test.each([
  ['what the rates need', buildNeedsTable],
  ['what grows with the square', buildHintsTable],
  ['the first minutes of sales', buildSalesTable],
  ['the costs', buildCostsTable],
])('docs/capacity.md says of %s what `orders capacity` calculates', (_, buildTable) => {
  expect(page).toContain(buildTable());
});
