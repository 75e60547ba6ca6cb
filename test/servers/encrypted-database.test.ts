import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProductionServer, type ProductionServer } from '../../bench/production-server.ts';
import { orderWorkflowId } from '../../src/domain/order.ts';
import { json, rawMessages } from '../setup/raw-messages.ts';
import { startSagaRig, type SagaRig } from '../setup/saga-rig.ts';
import { createTestNamespace } from '../setup/temporal.ts';
import { BUILD_LIMIT_MS } from './setup/find-program.ts';
import { findCanaries, leaveCanaries } from './canaries.ts';

let server: ProductionServer;
let rig: SagaRig;

beforeAll(async () => {
  server = await startProductionServer(() => undefined);
  const keys = { PAYLOAD_KEYS: `2026a=${randomBytes(32).toString('base64')}` };
  rig = await startSagaRig(keys, () => createTestNamespace(server.address));
  await rig.product('TEAPOT', 100);
}, 2 * BUILD_LIMIT_MS);
afterAll(async () => {
  await rig.stop();
  await server[Symbol.asyncDispose]();
});

test('tokens, names and reasons are in no row of a Temporal on PostgreSQL, whatever becomes of the order', async () => {
  const shipped = await leaveCanaries(rig);
  // What an operator types without a codec server is not encrypted: it shows that the dump would show others.
  const typed = await rig.place();
  await rig.reaches(typed, 'CONFIRMED');
  const reason = 'typed by an operator';
  await rawMessages(rig.temporal, orderWorkflowId(typed)).signal(
    'changeStatus',
    json({ status: 'PROCESSING', reason }),
  );
  await rig.reaches(typed, 'PROCESSING');

  const dump = Buffer.concat(await Promise.all(server.databaseUrls.map((url) => dumpDatabase(url))));
  expect(dump.includes(orderWorkflowId(shipped))).toBe(true);
  expect(dump.includes('OrderStatus')).toBe(true);
  expect(dump.includes(reason)).toBe(true);
  expect(findCanaries(dump)).toEqual([]);
});

/** Every value of every row, bytes as they are. */
async function dumpDatabase(connectionString: string): Promise<Buffer> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    const values: Buffer[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<unknown[]>({ text: `select * from ${name}`, rowMode: 'array' });
      for (const value of rows.flat()) values.push(Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)));
    }
    return Buffer.concat(values);
  } finally {
    await client.end();
  }
}
