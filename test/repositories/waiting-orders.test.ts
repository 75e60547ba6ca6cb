import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../src/repositories/schema.ts';
import {
  countWaitingOrders,
  listWaitingOrders,
  selectWaitingCounts,
  selectWaitingOrders,
  type WaitingOrdersQuery,
} from '../../src/repositories/waiting-orders.ts';
import { openOrders, someOrder, withoutTimeLimit, writeSaga } from './orders.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';

let database: Awaited<ReturnType<typeof openOrders>>;
beforeAll(async () => {
  database = await openOrders();
  await withoutTimeLimit(database.db, seed);
});
afterAll(() => database?.close());

const HOUR_MS = 3_600_000;
const base = { stuckOnly: false, stuckAfterMs: 24 * HOUR_MS, limit: 200 } satisfies WaitingOrdersQuery;

const filters: [string, Partial<WaitingOrdersQuery>][] = [
  ['all', {}],
  ['those that need attention', { cause: 'NEEDS_ATTENTION' }],
  ['those that are retried', { cause: 'RETRYING' }],
  ['those that are paused', { cause: 'PAUSED' }],
  ['those that are not started', { cause: 'NOT_STARTED' }],
  ['those that are stuck', { stuckOnly: true }],
  ['those in a step', { step: 'chargePayment' }],
  ['those in a step that are stuck', { step: 'notifyCustomer', stuckOnly: true }],
  ['those that have waited for long', { waitingSince: new Date(Date.now() - 500 * HOUR_MS) }],
];

describe.each(filters)('of thousands of orders that wait, %s', (_, filter) => {
  test('are listed page by page, each once, with the longest of its waits that fit, the longest first', async () => {
    const query = { ...base, ...filter };
    const listed: { id: string; since: number }[] = [];
    let after: WaitingOrdersQuery['after'];
    do {
      // Each page starts where the one before ended.
      // oxlint-disable-next-line no-await-in-loop
      const page = await listWaitingOrders(database.db, { ...query, after });
      listed.push(...page.orders.map(({ orderId, since }) => ({ id: orderId, since: since.getTime() })));
      after = page.next;
    } while (after);
    expect(listed).toEqual(await readThemAll(query));
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
  });

  test('are read along an index, a page and no more, at the beginning as in the middle', async () => {
    // Those that wait in two ways are met twice, and left out once. A step is not in the index of those that need attention: they are read until a page is full.
    const most = filter.step === undefined ? 2_500 : 8_000;
    const middle = { since: new Date(Date.now() - 900 * HOUR_MS).toISOString(), id: NO_ID };
    for (const after of [undefined, middle]) {
      const query = { ...base, limit: 50, ...filter, after };
      const { sql: text, parameters } = selectWaitingOrders(query).compile(database.db);
      expect(await rowsRead(text, parameters)).toBeLessThan(most);
    }
  });
});

const NO_ID = '00000000-0000-0000-0000-000000000000';

test('orders that wait are counted up to a bound, and no more of them are read', async () => {
  const counts = await countWaitingOrders(database.db, base.stuckAfterMs, 1_000);
  expect(counts).toEqual({ retrying: 1_000, needsAttention: 1_000, stuck: 1_000, notStarted: 100 });
  const all = await countWaitingOrders(database.db, base.stuckAfterMs, 100_000);
  expect(all.needsAttention).toBe((await readThemAll({ ...base, cause: 'NEEDS_ATTENTION' })).length);
  expect(all.stuck).toBe((await readThemAll({ ...base, stuckOnly: true })).length);
  const { sql: text, parameters } = selectWaitingCounts(base.stuckAfterMs, 1_000).compile(database.db);
  expect(await rowsRead(text, parameters)).toBeLessThan(2_500);
});

test('an order needs attention from the moment in which its saga is parked until it is not any more', async () => {
  const { db } = database;
  const order = someOrder();
  await acceptOrder(db, order, null);
  const since = async () => {
    const row = await db.selectFrom('orders').select('attention_since').where('id', '=', order.id).executeTakeFirst();
    return row?.attention_since;
  };
  expect(await since()).toBeNull();
  await writeSaga(db, { orderId: order.id, sagaState: 'NEEDS_ATTENTION', steps: [] });
  const parked = await since();
  expect(parked).toBeInstanceOf(Date);
  await db.updateTable('orders').set({ notification_failed: true }).where('id', '=', order.id).execute();
  expect(await since()).toEqual(parked);
  await writeSaga(db, { orderId: order.id, sagaState: 'COMPLETED', steps: [] });
  expect(await since()).toEqual(parked);
  await db.updateTable('orders').set({ notification_failed: false }).where('id', '=', order.id).execute();
  expect(await since()).toBeNull();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The most rows that one scan of the statement has read. */
async function rowsRead(text: string, parameters: readonly unknown[]): Promise<number> {
  const { rows } = await database.pool.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>({
    text: `explain (analyze, timing off, format json) ${text}`,
    values: [...parameters],
  });
  const nodes = rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => flatten(Plan)));
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  return Math.max(
    ...scans.map(
      (node) => ((node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)) * (node['Actual Loops'] ?? 1),
    ),
  );
}

function flatten(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

/** The same orders, told by reading every one of them. */
async function readThemAll({ cause, step, waitingSince, stuckOnly, stuckAfterMs }: WaitingOrdersQuery) {
  const { rows } = await sql<{ id: string; since: Date }>`
    with waits as (
      select order_id, step, cause, since from order_stalls
      union all
      select order_id, step, 'RETRYING', started_at from order_saga_steps
      where state = 'RUNNING' and order_id not in (select order_id from order_stalls)
      union all
      select o.id, s.step, 'NEEDS_ATTENTION', o.attention_since from orders o left join order_saga_steps s on s.order_id = o.id and s.state = 'FAILED'
      where (o.saga_state = 'NEEDS_ATTENTION' or o.notification_failed) and o.id not in (select order_id from order_stalls)
      union all
      select id, null, 'NOT_STARTED', created_at from orders
      where not workflow_started and status = 'PENDING' and id not in (select order_id from order_stalls)
    )
    select id, since from (
      select distinct on (order_id) order_id as id, since from waits
      where (${cause ?? null}::text is null or cause = ${cause ?? null}) and (${step ?? null}::text is null or step = ${step ?? null})
        and (${waitingSince ?? null}::timestamptz is null or since <= ${waitingSince ?? null})
        and (not ${stuckOnly}::boolean or cause in ('NEEDS_ATTENTION', 'PAUSED', 'TASK_FAILING')
          or since < now() - ${stuckAfterMs} * interval '1 millisecond')
      order by order_id, since
    ) w order by since, id`.execute(database.db);
  return rows.map(({ id, since }) => ({ id, since: since.getTime() }));
}

/** 20 000 orders: 6 000 parked ones, of which some are not in any step and some are retried as well, 4 000 that are retried, 600 stalled and 100 not started. */
async function seed(db: Db): Promise<void> {
  await sql`
    insert into orders (id, customer_id, status, payment_status, saga_state, currency, subtotal_minor, discount_minor, tax_minor,
      shipping_minor, total_minor, payment_method, shipping_address, metadata, placed_by, workflow_started, created_at)
    select md5(n::text)::uuid, 'customer-' || n % 1000, case when n > 19900 then 'PENDING' else 'CONFIRMED' end, 'CAPTURED',
      case when n <= 6000 then 'NEEDS_ATTENTION' else 'COMPLETED' end, 'EUR', 2500, 0, 0, 0, 2500, 'tok_ok', '{}', '{}', 'customer:x',
      n <= 19900, now() - n * interval '6 minutes'
    from generate_series(1, 20000) n`.execute(db);
  // Times that many orders share, as after an outage.
  await sql`
    update orders o set attention_since = now() - (n / 7) * interval '2 hours' from generate_series(1, 6000) n where o.id = md5(n::text)::uuid`.execute(
    db,
  );
  await sql`
    insert into order_saga_steps (order_id, saga, step, state, attempts, last_error, actor, started_at, updated_at)
    select md5(n::text)::uuid, 'create', case when n % 3 = 0 then 'reserveInventory' else 'chargePayment' end, 'FAILED', 4, 'down', 'system:saga',
      now() - n * interval '1 hour', now() from generate_series(1, 6000) n where n % 50 <> 0
    union all
    select md5(n::text)::uuid, 'create', 'notifyCustomer', 'RUNNING', 2, 'down', 'system:saga', now() - n * interval '29 minutes', now()
    from generate_series(5000, 10000) n
    union all
    select md5(n::text)::uuid, 'return:1', 'chargePayment', 'RUNNING', 2, 'down', 'system:saga', now() - n * interval '31 minutes', now()
    from generate_series(9000, 9500) n`.execute(db);
  await sql`
    insert into order_stalls (order_id, cause, step, since, attempts)
    select md5(n::text)::uuid, case n % 3 when 0 then 'PAUSED' when 1 then 'NO_WORKER' else 'RETRYING' end, 'chargePayment',
      now() - n * interval '3 minutes', 3 from generate_series(5800, 6399) n`.execute(db);
  await sql`analyze orders, order_saga_steps, order_stalls`.execute(db);
}
