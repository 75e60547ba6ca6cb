import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../setup/eventually.ts';
import { startTestSystem, teaOrder, type Reply, type TestSystem } from '../../e2e/system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});

beforeEach(async () => {
  await system.sandbox('DELETE', '/faults');
});

afterAll(async () => {
  await system.destroy();
});

/** Places an order and keeps trying with the same key, as a client does whose connection broke. */
async function placeForSure(key: string, prefer = 'respond-async'): Promise<Reply> {
  return eventually(async () => {
    const reply = await system.call('POST', '/orders', { body: teaOrder, headers: { 'idempotency-key': key, prefer } });
    return reply.status < 500 && reply;
  });
}

async function allConfirmed(ids: string[]): Promise<void> {
  await eventually(
    async () => {
      const statuses = await Promise.all(
        ids.map(async (id) => (await system.call('GET', `/orders/${id}`)).body.status),
      );
      expect(statuses.filter((status) => status !== 'CONFIRMED')).toEqual([]);
    },
    { timeoutMs: 120_000 },
  );
}

async function books() {
  const tea = (await system.sandbox('GET', '/products/TEA-001')).body;
  const totals = (await system.sandbox('GET', '/payments/totals')).body.data;
  const euro = totals.find(({ currency }: { currency: string }) => currency === 'EUR');
  return { stock: tea.stock, reserved: tea.reserved, captured: Number(euro?.captured ?? 0) };
}

function kill(process_: 'app' | 'temporal' | 'postgres' | 'sandbox', signal: NodeJS.Signals): void {
  process.kill(system.running().pids[process_]!, signal);
}

test('a worker killed in the middle of fifty orders loses none, doubles none and takes no money twice', async () => {
  const before = await books();
  const keys = Array.from({ length: 50 }, (_, index) => `kill-${index}`);
  const placing = Promise.all(keys.map((key) => placeForSure(key)));
  await eventually(async () => (await books()).captured > before.captured);
  kill('app', 'SIGKILL');

  const ids = (await placing).map(({ body }) => body.id as string);
  await allConfirmed(ids);

  expect(new Set(ids).size).toBe(50);
  expect(await books()).toEqual({ stock: before.stock - 100, reserved: 0, captured: before.captured + 1_250 });
});

function placeNumbered(index: number) {
  const headers = { 'idempotency-key': `accepted-${index}`, prefer: 'respond-async' };
  return system.call('POST', '/orders', { body: teaOrder, headers });
}

test('orders whose API is killed right after it accepted them, and before most were started, are all confirmed once', async () => {
  const before = await books();
  const replies = await Promise.all(Array.from({ length: 150 }, (_, index) => placeNumbered(index)));
  kill('app', 'SIGKILL');
  expect(replies.filter(({ status }) => status !== 202)).toEqual([]);

  await eventually(async () => expect((await fetch(`${system.running().apiUrl}/readyz`)).status).toBe(200));
  await allConfirmed(replies.map(({ body }) => body.id));
  const after = await eventually(async () => {
    const now = await books();
    return now.reserved === 0 && now;
  });
  expect(after).toEqual({ stock: before.stock - 300, reserved: 0, captured: before.captured + 3_750 });
});

test('while Temporal hangs, orders are accepted with 202, and all are confirmed when it is back', async () => {
  kill('temporal', 'SIGSTOP');
  const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => placeForSure(`hung-${index}`, 'wait=1')));
  expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 202));
  const [first] = replies;
  expect((await system.call('GET', `/orders/${first?.body.id}`)).body).toMatchObject({ status: 'PENDING' });
  const cancelled = await system.call('POST', `/orders/${first?.body.id}/cancel`, {
    body: { reason: 'changed my mind' },
  });
  expect(cancelled).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  kill('temporal', 'SIGCONT');

  await allConfirmed(replies.map(({ body }) => body.id));
});

test('an order whose database is killed under it goes on when it is back', async () => {
  await system.sandbox('POST', '/faults', {
    service: 'payment',
    operation: 'charge',
    mode: 'slow',
    delay_ms: 400,
    times: 1,
  });
  const accepted = await placeForSure('database-killed');
  kill('postgres', 'SIGKILL');

  await eventually(async () => expect((await fetch(`${system.running().apiUrl}/readyz`)).status).toBe(200));
  await allConfirmed([accepted.body.id]);
});

test('every process killed at once comes back and finishes what was accepted', async () => {
  const before = await books();
  const placed = await Promise.all(Array.from({ length: 20 }, (_, index) => placeForSure(`all-${index}`)));
  for (const name of ['app', 'temporal', 'sandbox', 'postgres'] as const) kill(name, 'SIGKILL');

  await eventually(async () => expect((await fetch(`${system.running().apiUrl}/readyz`)).status).toBe(200));
  await allConfirmed(placed.map(({ body }) => body.id));

  const after = await eventually(async () => {
    const now = await books();
    return now.reserved === 0 && now;
  });
  expect(after.stock).toBe(before.stock - 40);
});
