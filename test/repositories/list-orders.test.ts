import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { selectOrders, type OrderListQuery } from '../../src/repositories/list-orders.ts';
import type { Db } from '../../src/repositories/schema.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { withoutTimeLimit } from './orders.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { max: 2, name: 'test', onError: () => {} });
  await withoutTimeLimit(database.db, seed);
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const filters: [string, Partial<OrderListQuery>][] = [
  ['no filter', {}],
  ['a customer', { customerId: 'customer-7' }],
  ['a customer who has no orders', { customerId: 'nobody' }],
  ['a common status', { status: 'CONFIRMED' }],
  ['a rare status', { status: 'PAYMENT_FAILED' }],
  ['a status that no order has', { status: 'REFUNDED' }],
  ['a payment status', { paymentStatus: 'QUEUED' }],
  ['a common state of the saga', { sagaState: 'COMPLETED' }],
  ['a rare state of the saga', { sagaState: 'NEEDS_ATTENTION' }],
  ['a state of the saga that no order has', { sagaState: 'COMPENSATING' }],
  ['a step that some wait in', { step: 'chargePayment' }],
  ['a step that none waits in', { step: 'confirmOrder' }],
  ['a long wait', { waitingSince: new Date('2026-01-20') }],
  ['a step and a long wait', { step: 'chargePayment', waitingSince: new Date('2026-01-20') }],
  ['a first day', { from: new Date('2026-01-20') }],
  ['a last day', { to: new Date('2026-01-20') }],
  ['days in which nothing happened', { from: new Date('2020-01-01'), to: new Date('2020-02-01') }],
  ['an order number', { q: 'ORD-00004242' }],
  ['the beginning of many numbers', { q: 'ORD-000' }],
  ['the beginning of all numbers', { q: 'ord' }],
  ['the beginning of many names', { q: 'a' }],
  ['a longer beginning of many names', { q: 'Anna M' }],
  ['a rare name', { q: 'zoe' }],
  ['the beginning of payment ids', { q: 'pi_000' }],
  ['a text that no order has', { q: 'XYZ' }],
  ['names and a rare status', { q: 'a', status: 'PAYMENT_FAILED' }],
  ['names and a small service', { q: 'a', scope: { service: 'feed' } }],
  ['a batch', { batchId: 'batch-3' }],
  ['a common source', { source: 'shopify' }],
  ['a rare source', { source: 'market' }],
  ['a source that no order has', { source: 'nowhere' }],
  ['a source and a status', { source: 'market', status: 'CANCELLED' }],
  ['a large service', { scope: { service: 'shop' } }],
  ['a small service', { scope: { service: 'feed' } }],
  ['a service that has placed nothing', { scope: { service: 'newcomer' } }],
  ['a status of a small service', { scope: { service: 'feed' }, status: 'CANCELLED' }],
  ['a customer who is a service, too', { scope: { customerId: 'customer-7', service: 'feed' } }],
  ['needing attention', { needsAttention: true }],
  ['not needing attention', { needsAttention: false }],
];
const directions: [string, boolean][] = [
  ['newest first', false],
  ['oldest first', true],
];
const after = { createdAt: '2026-01-15T00:00:00.000000Z', id: '00000000-0000-7000-8000-000000000000' };
const pages: [string, Partial<OrderListQuery>][] = [
  ['first', {}],
  ['a later', { after }],
];

describe.each(filters)('of 100 000 orders with %s', (_, filter) => {
  describe.each(directions)('%s', (__, oldestFirst) => {
    test.each(pages)('%s page of 50 is read along an index', async (___, page) => {
      const plan = await planOf({ oldestFirst, limit: 50, ...filter, ...page });
      expect(plan.filter((node) => node['Relation Name'] === 'orders').map((node) => node['Node Type'])).not.toEqual(
        [],
      );
      expect(plan.map((node) => `${node['Node Type']} on ${node['Relation Name'] ?? ''}`)).not.toContain(
        'Seq Scan on orders',
      );
      expect(plan.map((node) => `${node['Node Type']} on ${node['Relation Name'] ?? ''}`)).not.toContain(
        'Seq Scan on order_items',
      );
      expect(plan.map((node) => `${node['Node Type']} on ${node['Relation Name'] ?? ''}`)).not.toContain(
        'Seq Scan on order_saga_steps',
      );
    });
  });
});

describe('a search', () => {
  test.each([
    'a',
    'AN',
    'anna m',
    'pi_',
    'pi_0',
    'ord-0',
    'ORD-00',
    'ord-0000',
    'ord-00001',
    'ord-0000123',
    'ord-00004242',
    'C3@example.com',
    { email: 'C3@example.com' },
    { email: 'c3@example.com', status: 'CANCELLED' as const, customerId: 'customer-3' },
    { reference: 'WEB-4200' },
    { tracking: 'JD01' },
  ])('by %j reads no more than some pages have, at the beginning as in the middle of the list', async (sought) => {
    const searched = typeof sought === 'string' ? { q: sought } : sought;
    for (const [oldestFirst, page] of [
      [false, {}],
      [true, {}],
      [false, { after }],
    ] as const) {
      const plan = await planOf({ oldestFirst, limit: 50, ...searched, ...page }, 'analyze, timing off, ');
      const read = plan.filter((node) => node['Relation Name']?.startsWith('order'));
      for (const node of read) {
        const rows = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0);
        expect(rows * (node['Actual Loops'] ?? 1)).toBeLessThan(1_500);
      }
    }
  });
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  Plans?: PlanNode[];
}

async function planOf(query: OrderListQuery, options = ''): Promise<PlanNode[]> {
  const { sql: text, parameters } = selectOrders(database.db, query).compile();
  return planOfText(text, parameters, options);
}

async function planOfText(text: string, parameters: readonly unknown[], options = ''): Promise<PlanNode[]> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
    text: `explain (${options}format json) ${text}`,
    values: [...parameters],
  });
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)));
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

/** A month of orders: most are confirmed, few are in trouble, a tenth came in batches. */
async function seed(db: Db): Promise<void> {
  // In pieces, since a statement of the client has a time limit.
  for (let first = 1; first <= 100_000; first += 20_000) await seedOrders(db, first, first + 19_999);
  await sql`
    insert into order_items (id, order_id, position, product_id, sku, name, unit_price_minor, quantity)
    select gen_random_uuid(), id, 0, 'p', 'MUG', 'Mug', 1250, 2 from orders`.execute(db);
  await sql`
    insert into order_saga_steps (order_id, step, state, attempts, actor, started_at)
    select id, 'chargePayment', case payment_status when 'QUEUED' then 'RUNNING' else 'DONE' end, 1, 'system:saga', created_at
    from orders`.execute(db);
  await sql`analyze orders, order_items, order_saga_steps, order_search`.execute(db);
}

async function seedOrders(db: Db, first: number, last: number): Promise<void> {
  await sql`
    insert into orders (id, customer_id, status, payment_status, saga_state, currency, subtotal_minor, discount_minor, tax_minor,
      shipping_minor, total_minor, payment_method, payment_id, shipping_address, metadata, customer_email, reference, source, batch_id, placed_by, placed_by_service, workflow_started, created_at)
    select gen_random_uuid(), 'customer-' || n % 1000, case n % 100 when 0 then 'PAYMENT_FAILED' when 1 then 'CANCELLED' else 'CONFIRMED' end,
      case n % 500 when 0 then 'QUEUED' else 'CAPTURED' end, case n % 1000 when 0 then 'NEEDS_ATTENTION' else 'COMPLETED' end,
      'EUR', 2500, 0, 0, 0, 2500, 'tok_ok', 'pi_' || lpad(n::text, 8, '0'),
      jsonb_build_object('name', case n % 20000 when 7 then 'Zoe' else (array['Anna Meier', 'Andrea', 'Bob', 'Carol', 'Anna Bell'])[1 + n % 5] end || n % 100), '{}',
      case when n % 10 = 3 then 'c' || n % 7 || '@example.com' end, case when n % 100 = 0 then 'Web-' || n end, case when n % 700 = 5 then 'market' when n % 3 = 0 then 'shopify' end, case when n % 10 = 0 then 'batch-' || n % 7 end, 'customer:x',
      case when n % 500 = 3 then 'feed' when n % 2 = 0 then 'shop' end, true,
      timestamptz '2026-01-01' + n * interval '26 seconds'
    from generate_series(${first}::integer, ${last}::integer) n`.execute(db);
}
