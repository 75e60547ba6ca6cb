import { afterAll, beforeAll, expect, test } from 'vitest';
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

  const ended = await eventually(
    async () => {
      const { body } = await persistently('GET', path);
      return body.completed_at !== null && body;
    },
    { timeoutMs: 240_000 },
  );
  expect(ended).toMatchObject({ status: 'COMPLETED', confirmed: count, failed: 0, repeated: 0, error_count: 0 });
  const listed = (await persistently('GET', `/orders?batch_id=${job.id}&limit=200`)).body.data;
  const references = listed.map(({ metadata }: { metadata: Record<string, string> }) => metadata['order_reference']);
  expect(listed).toHaveLength(count);
  expect(new Set(references).size).toBe(count);
  expect(await captured()).toBe(before + count * 25);
}, 600_000);
