import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { metricDefinitions } from '../../src/metrics/definitions.ts';
import { root } from './read-pages.ts';

/** More values than that are described by what they are. */
const MOST_VALUES = 9;

const described: Readonly<Record<string, string>> = {
  step: 'every step and compensation',
  status: 'a status',
  to: 'a status',
};

function labelsOf(labels: Readonly<Record<string, readonly string[] | 'open'>>): string {
  const all = Object.entries(labels).map(([name, values]) => {
    if (values === 'open') return `\`${name}\``;
    return `\`${name}\`: ${described[name] ?? (values.length > MOST_VALUES ? 'many' : values.join(', '))}`;
  });
  return all.join('; ');
}

const rows = Object.entries(metricDefinitions).map(([name, definition]) => {
  const type = definition.type === 'gauge' && definition.scope === 'shared' ? 'shared gauge' : definition.type;
  return `| \`${name}\` | ${type} | ${labelsOf(definition.labels)} | ${definition.help} |`;
});

test('docs/metrics.md lists every metric as the product has it', () => {
  const page = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  const listed = page
    .split('\n')
    .filter((line) => /^\| `[a-z_]+` \| (counter|gauge|shared gauge|histogram) \|/.test(line));
  expect(listed).toEqual(rows);
});
