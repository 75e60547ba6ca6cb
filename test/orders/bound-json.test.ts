import { describe, expect, test } from 'vitest';
import { excessOfJson } from '../../src/orders/bound-json.ts';

describe('JSON', () => {
  test.each([
    ['many entries', `[${'1,'.repeat(20_000)}1]`, /10000 values/],
    ['many objects', `[${'{},'.repeat(20_000)}{}]`, /10000 values/],
    ['many fields', `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}`, /10000 values/],
    ['many levels', '['.repeat(20_000), /32 levels/],
    ['many levels behind a text', `["${'x'.repeat(30_000)}",${'{"a":'.repeat(40)}`, /32 levels/],
  ])('with %s is refused', (_, text, fault) => {
    expect(excessOfJson(text)).toMatch(fault);
  });

  test.each([
    ['brackets and commas in a text', JSON.stringify({ notes: '[{,'.repeat(20_000) })],
    ['quotes and backslashes in a text', JSON.stringify({ notes: '\\"[,'.repeat(20_000) })],
    ['a thousand lines', JSON.stringify({ items: Array.from({ length: 1_000 }, () => ({ sku: 'MUG', quantity: 1 })) })],
    ['what is no JSON', `"${'x'.repeat(30_000)}`],
  ])('with %s is not', (_, text) => {
    expect(excessOfJson(text)).toBeUndefined();
  });
});
