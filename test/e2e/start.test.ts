import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startTestSystem, teaOrder, type TestSystem } from './system.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});

afterAll(async () => {
  await system.destroy();
});

async function isAlive(pid: number): Promise<boolean> {
  // A process that has ended and that nobody has asked about yet is not alive either.
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

test('one command starts a system that accepts an order, and prints how to place it', async () => {
  expect(system.output()).toContain('/api/v1/orders');
  const { status, body } = await system.call('POST', '/orders', { body: teaOrder, headers: { prefer: 'wait=30' } });
  expect(status).toBe(201);
  expect(body).toMatchObject({ status: 'CONFIRMED', payment_status: 'CAPTURED', total: '25.00' });
  expect((await fetch(system.running().webUiUrl!)).status).toBe(200);
});

test('Ctrl-C leaves no process, and a second start finds the orders of the first', async () => {
  const { body } = await system.call('POST', '/orders', { body: teaOrder, headers: { prefer: 'wait=30' } });
  const pids = Object.values(system.running().pids);

  expect(await system.stop('SIGINT')).toBe(0);
  await eventually(async () => (await Promise.all(pids.map(isAlive))).every((alive) => !alive));

  system = await startTestSystem({}, system.dataDir);
  const found = await system.call('GET', `/orders/${body.id}`);
  expect(found.body).toMatchObject({ id: body.id, status: 'CONFIRMED' });
  const moved = await system.call('PUT', `/orders/${body.id}/status`, {
    body: { status: 'PROCESSING', reason: 'picked' },
    sub: 'sam',
    roles: ['support'],
  });
  expect(moved.body).toMatchObject({ status: 'PROCESSING' });
});
