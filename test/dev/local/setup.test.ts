import { Client } from '@temporalio/client';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../setup/database.ts';
import { eventually } from '../../setup/eventually.ts';
import { startOwnPostgres, startOwnTemporal } from '../../setup/servers.ts';
import { createTimeSkippingEnvironment } from '../../setup/time-skipping.ts';
import { createTestNamespace } from '../../setup/temporal.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(cleanUps.map((cleanUp) => cleanUp())));

test('two test databases share nothing', async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  cleanUps.push(one.drop, two.drop);
  await query(one.url, 'create table only_here (id int)');
  await expect(query(two.url, 'select from only_here')).rejects.toThrow(/does not exist/);
});

test('a test namespace has the search attributes, usable at once', async () => {
  const env = await createTestNamespace();
  cleanUps.push(env.close);
  const { count } = await env.client.workflow.count('OrderStatus = "PENDING" AND NeedsAttention = true');
  expect(count).toBe(0);
});

test('the time-skipping server starts and skips', async () => {
  const env = await createTimeSkippingEnvironment();
  cleanUps.push(() => env.teardown());
  const before = await env.currentTimeMs();
  await env.sleep('30 days');
  expect((await env.currentTimeMs()) - before).toBeGreaterThanOrEqual(30 * 86_400_000);
});

test('a PostgreSQL that crashed comes back with what was committed', async () => {
  const server = await startOwnPostgres();
  cleanUps.push(server.destroy);
  await query(server.url, 'create table kept as select 1 as id');
  await server.crash();
  await expect(query(server.url, 'select')).rejects.toThrow();
  await server.start();
  expect(await query(server.url, 'select id from kept')).toEqual([{ id: 1 }]);
});

test('a Temporal server that crashed comes back with its workflows', async () => {
  const server = await startOwnTemporal();
  cleanUps.push(server.destroy);
  const env = await createTestNamespace(server.address);
  cleanUps.push(env.close);
  const handle = await env.client.workflow.start('Nothing', { workflowId: 'kept', taskQueue: env.taskQueue });
  await server.crash();
  await server.start();
  const again = await createTestNamespace(server.address);
  cleanUps.push(again.close);
  const client = new Client({ connection: again.client.connection, namespace: env.namespace });
  const description = await eventually(() => client.workflow.getHandle('kept').describe());
  expect(description.runId).toBe(handle.firstExecutionRunId);
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}
