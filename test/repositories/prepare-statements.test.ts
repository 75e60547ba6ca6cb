import type { PoolClient } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/repositories/database.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { StatementNames } from '../../src/repositories/prepare-statements.ts';
import { createTestDatabase } from '../setup/database.ts';
import { orderIn } from './orders.ts';

/** How often each orders goes its way: more than it takes until a statement is prepared. */
const TIMES = 4;

test('PostgreSQL parses what comes with every order once a connection, and not with every order', async () => {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const { db, pool, close } = openDatabase(url, { max: 1, name: 'test', onError: () => {} });
  onTestFinished(close);
  const sent = new Map<string, number>();
  pool.on('connect', (client) => countTexts(client, sent));
  for (let n = 0; n < TIMES; n += 1) {
    for (const status of ['DELIVERED', 'CANCELLED', 'PAYMENT_FAILED'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one connection
      await findOrderWithItems(db, await orderIn(db, status));
    }
  }
  const { rows } = await pool.query<{ statement: string }>('select statement from pg_prepared_statements');
  const prepared = new Set(rows.map(({ statement }) => statement));
  const often = [...sent].filter(([, times]) => times >= TIMES).map(([text]) => text);
  expect(often.length).toBeGreaterThan(4);
  expect(often.filter((text) => !prepared.has(text))).toEqual([]);
});

function countTexts(client: PoolClient, sent: Map<string, number>): void {
  const send = client.query.bind(client) as (...parameters: unknown[]) => unknown;
  const query = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
    if (typeof text === 'string' && Array.isArray(values)) sent.set(text, (sent.get(text) ?? 0) + 1);
    return send(text, values, ...rest);
  };
  client.query = query as typeof client.query;
}

test('a statement is prepared once it has come three times, unless its columns are those of a table as it is at the time', () => {
  const names = new StatementNames();
  const third = (text: string) => [1, 2, 3].map(() => names.nameOf(text)).at(-1);
  expect(names.nameOf('select 1')).toBeUndefined();
  expect(third('with a as (select * from b) select c from a')).toBe('s0');
  expect(third('select a.c from (select s.* from b s) a')).toBe('s1');
  expect(third('select count(*) from a')).toBe('s2');
  expect(third('select * from (select c from b) a')).toBeUndefined();
  expect(third('select a.* from a')).toBeUndefined();
  expect(third('insert into a (c) values (1) returning *')).toBeUndefined();
  expect(names.nameOf('select count(*) from a')).toBe('s2');
});
