import { parse } from 'csv-parse/sync';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
// First, so that the library that documents schemas is loaded before any is made.
import { startApiRig, type ApiRig } from '../../http/api-rig.ts';
import type { Import } from '../../../src/domain/import.ts';
import { prepareOrder } from '../../../src/imports/history/prepare-order.ts';
import { takeInRange } from '../../../src/imports/history/take-in-range.ts';
import { readFileOrder } from '../../../src/imports/presets/read-file-order.ts';
import { findImport } from '../../../src/repositories/import-repository.ts';
import { insertTakenInOrders } from '../../../src/repositories/take-in-orders.ts';
import { createTakenInRows } from '../../../src/repositories/taken-in-columns.ts';
import { addOrder } from '../../../src/repositories/taken-in-rows.ts';
import { insertWaitingOrders } from '../../imports/waiting-orders.ts';
import { withoutTimeLimit } from '../../repositories/orders.ts';
import { sampleOrders } from '../../imports/sample-orders.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const ORDERS = 10_000;
const AT_ONCE = 250;

test('ten thousand orders are exported and taken in again without a loss', { timeout: 400_000 }, async () => {
  const first = uuidv7();
  await writeOrders(first);
  const file = await exportOf(first);
  // They go to another shop, which knows nothing of them.
  for (const table of ['idempotency_keys', 'orders'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await withoutTimeLimit(rig.database.db, async (db) => void (await db.deleteFrom(table).execute()));
  }
  const { body } = await rig.request('POST', '/api/v1/imports?preset=orders&mode=history', {
    as: 'service',
    sub: 'another shop',
    body: file,
    headers: { 'content-type': 'text/csv' },
  });
  const { db } = rig.database;
  const job = await findImport(db, body.id);
  if (!job) throw new Error(JSON.stringify(body));
  const { gateways, logger } = rig.parts;
  const work = { db, gateways, logger, commands: { takeOn: () => Promise.resolve() }, readFileOrder };
  const range = { importId: job.id, from: 0, to: ORDERS };
  const counts = await takeInRange(work, job, range, new AbortController().signal);
  expect(counts).toMatchObject({ CONFIRMED: ORDERS, FAILED: 0, REPEATED: 0 });
  const again = rowsOf(await exportOf(job.id));
  const before = rowsOf(file);
  expect(again).toHaveLength(before.length);
  const lost = before.findIndex((row, index) => JSON.stringify(row) !== JSON.stringify(again[index]));
  expect(again[lost]).toEqual(before[lost]);
});

/** Writes the orders as an import of another system's file does. */
async function writeOrders(importId: string): Promise<void> {
  const job: Pick<Import, 'id' | 'subject' | 'roles' | 'createdAt' | 'format'> = {
    id: importId,
    subject: 'shop',
    roles: ['service'],
    createdAt: new Date(),
    format: null,
  };
  const by = { importId, actor: 'service:shop', subject: 'shop' };
  const orders = sampleOrders(ORDERS).map(({ stated }, position) =>
    prepareOrder(job, { position, reference: stated.reference }, stated, { takeStock: false, unpaid: 'wait' }),
  );
  await insertWaitingOrders(
    rig.database.db,
    importId,
    orders.map(({ metadata }) => metadata['order_reference'] ?? ''),
  );
  for (let from = 0; from < orders.length; from += AT_ONCE) {
    const some = orders.slice(from, from + AT_ONCE);
    const rows = createTakenInRows();
    for (const order of some) addOrder(rows, { ...order, reservationId: null }, by);
    // oxlint-disable-next-line no-await-in-loop -- one statement at a time
    const written = await insertTakenInOrders(rig.database.db, importId, rows);
    expect(written.size).toBe(some.length);
  }
}

async function exportOf(batch: string): Promise<string> {
  const { status, body } = await rig.request('GET', `/api/v1/orders/export?lines=true&batch_id=${batch}`, {
    as: 'admin',
  });
  expect(status).toBe(200);
  return body;
}

/** The rows without what is new in each system, by their order and line. */
function rowsOf(csv: string): Record<string, string>[] {
  return parse<Record<string, string>>(csv, { columns: true, bom: true })
    .map((row) => ({ ...row, number: '' }))
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function nameOf(row: Record<string, string>): string {
  return `${row['order_reference'] ?? ''} ${row['sku'] ?? ''}`;
}
