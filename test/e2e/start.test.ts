import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../setup/eventually.ts';
import { startTestSystem, teaOrder, type TestSystem } from './system.ts';

let system: TestSystem;

beforeAll(async () => {
  // It bundles the workflows itself, as on a new machine.
  system = await startTestSystem({ WORKFLOW_BUNDLE: '' });
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

test('what it writes can be read by its user only', async () => {
  const entries = await readdir(system.dataDir, { recursive: true, withFileTypes: true });
  // The database makes and deletes files all the time.
  const all = entries.filter(({ parentPath }) => !parentPath.includes('/postgres/'));
  const names = all.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['temporal.db', 'postgres', 'running.json', 'running-password']));
  const modes = all.map(async ({ parentPath, name }) => [name, (await lstat(join(parentPath, name))).mode & 0o077]);
  expect(await Promise.all(modes)).toEqual(names.map((name) => [name, 0]));
});

test('it listens on this machine only', async () => {
  const addresses = (await Promise.all(Object.values(system.running().pids).map(listListeners))).flat();
  // API, sandbox, PostgreSQL, Temporal and its Web UI.
  expect(addresses.length).toBeGreaterThanOrEqual(5);
  expect(addresses.filter((address) => address !== '127.0.0.1')).toEqual([]);
});

/** The addresses that a process listens on. */
async function listListeners(pid: number): Promise<string[]> {
  const files = await readdir(`/proc/${pid}/fd`);
  const links = await Promise.all(files.map((file) => readlink(`/proc/${pid}/fd/${file}`).catch(() => '')));
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')));
  return tables.flatMap((table) =>
    table.split('\n').flatMap((line) => {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state !== '0A' || !links.includes(`socket:[${inode}]`)) return [];
      return [local.startsWith('0100007F:') ? '127.0.0.1' : local];
    }),
  );
}

test("the example of an order in the API's document can be placed as it stands", async () => {
  const document = (await (await fetch(`${system.running().apiUrl}/openapi.json`)).json()) as {
    components: { schemas: { OrderRequest: { example: unknown } } };
  };
  const { example } = document.components.schemas.OrderRequest;
  const { status, body } = await system.call('POST', '/orders', { body: example, headers: { prefer: 'wait=30' } });
  expect([status, body.status]).toEqual([201, 'CONFIRMED']);
});

test.each(['README.md', 'docs/api.md', 'docs/deploying.md'])(
  'the orders in %s can be placed as they stand',
  async (page) => {
    const text = await readFile(join(import.meta.dirname, '../..', page), 'utf8');
    const bodies = [...text.matchAll(/-d '(\{"currency"[^']*\})'/g)].map(
      ([, body = '']) => JSON.parse(body) as unknown,
    );
    expect(bodies.length).toBeGreaterThan(0);
    for (const body of bodies) {
      const placed = await system.call('POST', '/orders', { body, headers: { prefer: 'wait=30' } });
      expect([placed.status, placed.body.status]).toEqual([201, 'CONFIRMED']);
    }
  },
);

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
