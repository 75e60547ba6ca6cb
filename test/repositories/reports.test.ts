import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  selectProcessingTimes,
  selectProducts,
  selectSales,
  selectStatuses,
  type ReportRange,
} from '../../src/repositories/reports.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { eventually } from '../setup/eventually.ts';
import { openOrders, withoutTimeLimit } from './orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
  await withoutTimeLimit(orders.db, seed);
});
afterAll(() => orders.close());

const reports: [string, (range: ReportRange) => RawBuilder<unknown>][] = [
  ['sales', (range) => selectSales(range, 'day', 'Europe/Berlin')],
  ['statuses', selectStatuses],
  ['processing times', selectProcessingTimes],
  ['products', (range) => selectProducts(range, 20)],
];
const day = { from: new Date('2026-01-15'), to: new Date('2026-01-16') };
const week = { from: new Date('2026-01-08'), to: new Date('2026-01-15') };
const ranges: [string, ReportRange][] = [
  ['a day', day],
  ['a week', week],
  ['the longest range', { from: new Date('2025-01-01'), to: new Date('2026-01-02') }],
  ['days in which nothing happened', { from: new Date('2020-01-01'), to: new Date('2020-02-01') }],
];

describe.each(ranges)('of 100 000 orders in three years, those of %s', (_, range) => {
  test.each(reports)('are read for %s from an index alone', async (__, select) => {
    const plan = await planOf(select(range));
    expect(nodesOn('orders', plan)).toEqual(['Index Only Scan']);
  });
});

test("the best sellers of a day are read from the lines of that day's orders alone", async () => {
  expect(nodesOn('order_items', await planOf(selectProducts(day, 20)))).toEqual(['Index Scan']);
});

function nodesOn(table: string, plan: PlanNode[]): string[] {
  return plan.filter((node) => node['Relation Name'] === table).map((node) => node['Node Type']);
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: PlanNode[];
}

async function planOf(query: RawBuilder<unknown>): Promise<PlanNode[]> {
  const { sql: text, parameters } = query.compile(orders.db);
  const { rows } = await orders.pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
    text: `explain (format json) ${text}`,
    values: [...parameters],
  });
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)));
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

/** Three years of orders of which most are delivered. */
async function seed(db: Db): Promise<void> {
  // Nothing is searched for here; and in pieces, since a statement of the client has a time limit.
  await sql`alter table orders disable trigger orders_search_accepted`.execute(db);
  for (const first of [1, 25_001, 50_001, 75_001]) await seedOrders(db, first);
  await sql`
    insert into order_items (id, order_id, position, product_id, sku, name, unit_price_minor, quantity)
    select gen_random_uuid(), id, 0, 'p' || number, 'SKU-' || number, 'Thing ' || number, 1250, 2
    from (select id, (random() * 200)::int as number from orders) lines`.execute(db);
  // Index-only scans need pages that are visible to all; a vacuum beside an older snapshot, such as an automatic analyze's, leaves some out.
  await eventually(async () => {
    await sql`vacuum analyze orders, order_items`.execute(db);
    const { rows } = await sql`
      select relname from pg_class where relname in ('orders', 'order_items') and relallvisible < relpages`.execute(db);
    expect(rows).toEqual([]);
  });
}

async function seedOrders(db: Db, first: number): Promise<void> {
  await sql`
    insert into orders (id, customer_id, status, payment_status, saga_state, currency, subtotal_minor, discount_minor, tax_minor,
      shipping_minor, total_minor, payment_method, shipping_address, metadata, placed_by, workflow_started, created_at,
      confirmed_at, shipped_at, delivered_at)
    select gen_random_uuid(), 'customer-' || n % 1000, case n % 100 when 0 then 'PENDING' when 1 then 'CANCELLED' else 'DELIVERED' end,
      'CAPTURED', 'COMPLETED', case n % 3 when 0 then 'EUR' else 'GBP' end, 2500, 0, 0, 0, 2500, 'tok_ok', '{"line1":"1 Road"}', '{}',
      'customer:x', true, at, at + interval '1 second', at + interval '1 day', at + interval '3 days'
    from (select n, timestamptz '2024-01-01' + n * interval '15 minutes' as at from generate_series(${first}::integer, ${first + 24_999}::integer) n) orders`.execute(
    db,
  );
}
