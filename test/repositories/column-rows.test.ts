import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addRow, createColumnRows, namesOf, unnestRows } from '../../src/repositories/column-rows.ts';
import { openOrders } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});
afterAll(() => orders.close());

const types = { n: 'integer', note: 'text', data: 'jsonb', at: 'timestamptz', is_new: 'boolean' } as const;

test('rows that are written by column are read as they were, whatever their texts hold', async () => {
  const texts = [
    '',
    'NULL',
    'null',
    '{}',
    ',',
    'a"b',
    String.raw`\ \\ \"`,
    "it's",
    ' \t\r\n',
    'Żółć 李',
    '\u0001',
    '😀',
  ];
  const written = createColumnRows(types);
  for (const [n, note] of texts.entries())
    addRow(written, { n, note, data: { [note]: [note, n] }, at: null, is_new: n === 0 });
  addRow(written, { n: null, note: undefined, data: null, at: 'infinity', is_new: null });
  const { rows } = await sql`
    select n, note, data, at::text as at, is_new from ${unnestRows(written)} as w(${namesOf(written)})`.execute(
    orders.db,
  );
  expect(rows).toEqual([
    ...texts.map((note, n) => ({ n, note, data: { [note]: [note, n] }, at: null, is_new: n === 0 })),
    { n: null, note: null, data: null, at: 'infinity', is_new: null },
  ]);
});
