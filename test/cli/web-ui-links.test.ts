import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import {
  customerLink,
  failingTasksLink,
  findWebUiLinks,
  orderLink,
  statusLinks,
  webUiLinks,
} from '../../src/cli/local-system/web-ui-links.ts';
import { orderStatuses } from '../../src/domain/order-status.ts';

const ui = { webUiUrl: 'http://localhost:8233', namespace: 'default' };

test('the page on operating has each ready list, with the query that it opens', async () => {
  const page = await readFile(new URL('../../docs/operating.md', import.meta.url), 'utf8');
  for (const { name, url } of [...webUiLinks(ui), failingTasksLink(ui)]) {
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

test.each([
  [
    'knows that tasks fail',
    { systemAttributes: { TemporalReportedProblems: 'INDEXED_VALUE_TYPE_KEYWORD_LIST' } },
    true,
  ],
  ['is too old for it', { systemAttributes: { TemporalPauseInfo: 'INDEXED_VALUE_TYPE_KEYWORD_LIST' } }, false],
  ['wants a login', { message: 'unauthorized' }, false],
])(
  'the list of orders whose tasks fail is there where Temporal can list them: one that %s',
  async (_, answer, isThere) => {
    const asked: string[] = [];
    const server = createServer(({ url = '' }, response) => {
      asked.push(url);
      response.end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asking = { webUiUrl: `http://127.0.0.1:${port}/`, namespace: 'shop a' };
    const names = [...webUiLinks(asking).map(({ name }) => name), ...(isThere ? ['tasks fail'] : [])];
    expect((await findWebUiLinks(asking)).map(({ name }) => name)).toEqual(names);
    expect(asked).toEqual(['/api/v1/namespaces/shop%20a/search-attributes']);
    server.close();
    expect(queryOf(failingTasksLink(ui).url)).toContain('TemporalReportedProblems IS NOT NULL');
  },
);

test('a Web UI that is not there has no list of orders whose tasks fail', async () => {
  const gone = { webUiUrl: 'http://127.0.0.1:1', namespace: 'default' };
  expect(await findWebUiLinks(gone)).toEqual(webUiLinks(gone));
});

function queryOf(url: string): string | null {
  return new URL(url).searchParams.get('query');
}
