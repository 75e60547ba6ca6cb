import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../../src/cli/local-system/sign-token.ts';
import { eventually } from '../../setup/eventually.ts';
import { startTestSystem, teaOrder, type TestSystem } from '../../e2e/system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});

afterAll(async () => {
  await system.destroy();
});

const shop = { sub: 'shop', roles: ['service'] };

/** The app goes down in these tests: a client asks again, as it would. */
function persistently(
  method: string,
  path: string,
  options: { body?: unknown; headers?: Record<string, string> } = {},
) {
  return eventually(
    async () => {
      const reply = await system.call(method, path, { ...options, ...shop });
      return reply.status < 500 && reply;
    },
    { timeoutMs: 120_000 },
  );
}

async function captured(): Promise<number> {
  const totals = (await system.sandbox('GET', '/payments/totals')).body.data;
  return Number(totals.find(({ currency }: { currency: string }) => currency === 'EUR')?.captured ?? 0);
}

test('an API and worker killed while they import lose no order, double none and take no money twice', async () => {
  const count = 80;
  const order = { ...teaOrder, customer_id: 'demo' };
  const orders = Array.from({ length: count }, (_, index) => ({ ...order, order_reference: `kill-${index}` }));
  const before = await captured();
  const request = { body: { orders }, headers: { 'idempotency-key': 'batch' } };

  const sending = persistently('POST', '/orders/batch', request);
  const { body: job } = await sending;
  const path = `/imports/${job.id}`;
  for (const share of [5, 40]) {
    await eventually(async () => (await persistently('GET', path)).body.placed >= share, { timeoutMs: 120_000 });
    process.kill(system.running().pids.app!, 'SIGKILL');
    // What a client does whose answer was lost: the same import, not another.
    expect((await persistently('POST', '/orders/batch', request)).body.id).toBe(job.id);
  }

  const ended = await endOf(path);
  expect(ended).toMatchObject({ status: 'COMPLETED', confirmed: count, failed: 0, repeated: 0, error_count: 0 });
  const listed = (await persistently('GET', `/orders?batch_id=${job.id}&limit=200`)).body.data;
  const references = listed.map(({ metadata }: { metadata: Record<string, string> }) => metadata['order_reference']);
  expect(listed).toHaveLength(count);
  expect(new Set(references).size).toBe(count);
  expect(await captured()).toBe(before + count * 25);
}, 600_000);

/** What the database has of an import's orders, in minor units. */
async function booksOf(batchId: string) {
  const client = new Client({ connectionString: system.running().databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select count(*)::int as orders, count(distinct reference)::int as refs, sum(total_minor)::int as total,
        (select count(*)::int from order_items i join orders b on b.id = i.order_id where b.batch_id = $1) as lines,
        (select sum(amount_minor)::int from order_payment_transactions t join orders b on b.id = t.order_id where b.batch_id = $1) as paid,
        (select count(*)::int from order_shipments s join orders b on b.id = s.order_id where b.batch_id = $1) as shipments,
        count(*) filter (where status = 'CONFIRMED')::int as open
      from orders where batch_id = $1`,
      [batchId],
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

test('past orders are each taken in once, to the penny, though the process is killed twice while it takes them in', async () => {
  const count = 4_000;
  const rows = Array.from({ length: count }, (_, n) => {
    // One in a hundred is paid and not sent yet: it goes on with a workflow.
    const [status, shipped] = n % 100 === 0 ? ['CONFIRMED', ''] : ['DELIVERED', '2024-03-02 10:00:00'];
    const order = `past-${n},EUR,Ada,GB,${status},CAPTURED,2024-03-01 10:00:00,${shipped},`;
    return [`${order}MUG,1,1.00`, `${order}JUG,2,${n}.25`];
  });
  const header =
    'order_reference,currency,name,country,status,payment_status,placed_at,shipped_at,sku,quantity,unit_price';
  const totals = Array.from({ length: count }, (_, n) => 100 + 2 * (n * 100 + 25));
  const total = totals.reduce((sum, one) => sum + one, 0);
  const before = await captured();
  const token = await signToken({ ...shop, expiresMs: 3_600_000 }, system.running());
  const answer = await fetch(`${system.running().apiUrl}/api/v1/imports?mode=history`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: `${[header, ...rows.flat()].join('\n')}\n`,
  });
  const job = (await answer.json()) as { id: string };
  expect(answer.status).toBe(202);
  const path = `/imports/${job.id}`;
  for (const share of [0.05, 0.5]) {
    await eventually(async () => (await persistently('GET', path)).body.confirmed >= share * count, {
      timeoutMs: 120_000,
    });
    process.kill(system.running().pids.app!, 'SIGKILL');
  }
  const ended = await endOf(path);
  expect(ended).toMatchObject({ status: 'COMPLETED', confirmed: count, failed: 0, repeated: 0, error_count: 0 });
  expect(await booksOf(job.id)).toEqual({
    orders: count,
    refs: count,
    total,
    paid: total,
    lines: 2 * count,
    shipments: count - count / 100,
    open: count / 100,
  });
  expect(await captured()).toBe(before);
}, 600_000);

test('a process that is killed while a pause or a cancellation waits for it leaves no goods taken that no order accounts for', async () => {
  const path = '/products/SCARCE-CUP';
  await system.sandbox('PUT', path, { name: 'Cup', price: '1.00', currency: 'EUR', stock: 1_000 });
  const taken = async () => 1_000 - (await system.sandbox('GET', path)).body.available;
  // A batch of orders takes longer than the answer to a command.
  await system.sandbox('POST', '/faults', { service: 'inventory', operation: 'commit', mode: 'slow', delay_ms: 500 });

  const paused = await sendOpenOrders('paused');
  await eventually(async () => (await taken()) >= 8, { timeoutMs: 120_000 });
  await persistently('POST', `${paused}/pause`, { body: {} });
  expect((await persistently('GET', paused)).body).toMatchObject({ status: 'PAUSED', placed: 0 });
  process.kill(system.running().pids.app!, 'SIGKILL');
  await persistently('POST', `${paused}/resume`, { body: {} });
  expect(await endOf(paused)).toMatchObject({ status: 'COMPLETED', confirmed: OPEN_ORDERS, failed: 0 });
  expect(await taken()).toBe(OPEN_ORDERS);

  const resumed = await sendOpenOrders('resumed');
  await eventually(async () => (await taken()) >= OPEN_ORDERS + 8, { timeoutMs: 120_000 });
  for (const command of ['pause', 'resume']) await persistently('POST', `${resumed}/${command}`, { body: {} });
  process.kill(system.running().pids.app!, 'SIGKILL');
  expect(await endOf(resumed)).toMatchObject({ status: 'COMPLETED', confirmed: OPEN_ORDERS, failed: 0 });
  expect(await taken()).toBe(2 * OPEN_ORDERS);

  const cancelled = await sendOpenOrders('cancelled');
  await eventually(async () => (await taken()) >= 2 * OPEN_ORDERS + 8, { timeoutMs: 120_000 });
  await persistently('POST', `${cancelled}/cancel`, { body: {} });
  process.kill(system.running().pids.app!, 'SIGKILL');
  expect(await endOf(cancelled)).toMatchObject({ status: 'CANCELLED', placed: 0, cancelled: OPEN_ORDERS });
  expect(await taken()).toBe(2 * OPEN_ORDERS);
  await system.sandbox('DELETE', '/faults');
}, 900_000);

const OPEN_ORDERS = 200;

/** Sends a file of open orders of a cup each, whose goods are to be taken; answers where the import is. */
async function sendOpenOrders(name: string): Promise<string> {
  const header = 'order_reference,currency,name,country,status,payment_status,placed_at,sku,quantity,unit_price';
  const rows = Array.from(
    { length: OPEN_ORDERS },
    (_, n) => `${name}-${n},EUR,Ada,GB,CONFIRMED,CAPTURED,2024-03-01 10:00:00,SCARCE-CUP,1,1.00`,
  );
  const token = await signToken({ ...shop, expiresMs: 3_600_000 }, system.running());
  const answer = await fetch(`${system.running().apiUrl}/api/v1/imports?mode=history&take_stock=true`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'text/csv' },
    body: `${[header, ...rows].join('\n')}\n`,
  });
  expect(answer.status).toBe(202);
  return `/imports/${((await answer.json()) as { id: string }).id}`;
}

/** Waits until an import has ended; answers it. */
function endOf(path: string) {
  return eventually(
    async () => {
      const { body } = await persistently('GET', path);
      return body.completed_at !== null && body;
    },
    { timeoutMs: 240_000 },
  );
}
