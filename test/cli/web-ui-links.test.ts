import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { customerLink, orderLink, statusLinks, webUiLinks } from '../../src/cli/local-system/web-ui-links.ts';
import { orderStatuses } from '../../src/domain/order-status.ts';

const ui = { webUiUrl: 'http://localhost:8233', namespace: 'default' };

test('the page on operating has each ready list, with the query that it opens', async () => {
  const page = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  for (const { name, url } of webUiLinks(ui)) {
    const query = new URL(url).searchParams.get('query') ?? '';
    const [, written = ''] = page.split(`| [${name}](`)[1]?.match(/^([^)]+)\) \|/) ?? [];
    expect(new URL(written).searchParams.get('query')).toBe(query);
    expect(page).toContain(`\`${query}\``);
  }
});

test('there is a list for each status, for a customer and for an order, whatever they are called', () => {
  expect(statusLinks(ui).map(({ name }) => name)).toEqual([...orderStatuses]);
  expect(queryOf(customerLink(ui, 'O"Neil & Söhne').url)).toBe(String.raw`CustomerId = "O\"Neil & Söhne"`);
  expect(queryOf(orderLink(ui, 'ORD-00000042').url)).toBe('OrderNumber = "ORD-00000042"');
  const elsewhere = { webUiUrl: 'https://temporal.example/', namespace: 'shop a' };
  expect(orderLink(elsewhere, 'ORD-1').url).toMatch(
    /^https:\/\/temporal\.example\/namespaces\/shop%20a\/workflows\?query=/,
  );
});

function queryOf(url: string): string | null {
  return new URL(url).searchParams.get('query');
}
