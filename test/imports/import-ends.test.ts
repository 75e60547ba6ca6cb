import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { reconcileImports } from '../../src/temporal/relay-imports.ts';
import { eventually } from '../setup/eventually.ts';
import { startImportRig, teapots, type ImportRig } from './import-rig.ts';

// Orders run through every part of the system: a busy machine takes minutes for that.
vi.setConfig({ testTimeout: 400_000 });

let rig: ImportRig;

beforeAll(async () => {
  rig = await startImportRig({ STEP_PATIENCE: '1s', IMPORT_RETENTION: '1d' });
});

beforeEach(async () => {
  await rig.noFaults();
});

afterAll(async () => {
  await rig.stopImports();
});

test('an import has not ended while orders of it need attention, and ends once an operator has seen to them', async () => {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.upload(teapots('S', 2));
  const stuck = await eventually(async () => {
    const orders = await rig.db.selectFrom('orders').select(['id', 'saga_state']).where('batch_id', '=', id).execute();
    return orders.length === 2 && orders.every((order) => order.saga_state === 'NEEDS_ATTENTION') && orders;
  });
  // It has looked at them at least twice since, and found nothing settled.
  await eventually(async () => (await looksOf(id)) >= 2);
  expect(await rig.read(id)).toMatchObject({ status: 'RUNNING', pending: 2, confirmed: 0, completed_at: null });

  await rig.noFaults();
  for (const order of stuck) await rig.command(order.id, 'resolveStep', { step: 'chargePayment', action: 'retry' });
  expect(await rig.ends(id)).toMatchObject({ status: 'COMPLETED', pending: 0, confirmed: 2, failed: 0 });
  await rig.replayImport(id);
});

test('the rows of an import go when it has ended longer ago than they are kept; its counts and its orders stay', async () => {
  const file = `${teapots('G', 3)}G-9,NOWHERE,1,12.50\n`;
  const [old, recent] = [await rig.upload(file), await rig.upload(teapots('H', 1))];
  const ended = await rig.ends(old);
  await rig.ends(recent);
  const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1_000);
  await rig.db.updateTable('imports').set({ completed_at: twoDaysAgo }).where('id', '=', old).execute();

  const { db, temporal, config, dependencies } = rig;
  for (const _ of [1, 2]) await reconcileImports({ db, temporal, config, logger: dependencies.logger });

  const rows = await db.selectFrom('import_rows').select('import_id').distinct().execute();
  const orders = await db.selectFrom('import_orders').select('import_id').distinct().execute();
  for (const left of [rows, orders].map((table) => table.map((row) => row.import_id))) {
    expect(left).toContain(recent);
    expect(left).not.toContain(old);
  }
  expect(await rig.read(old)).toEqual({ ...ended, completed_at: twoDaysAgo.toISOString() });
  expect(await rig.ordersOf(old)).toHaveLength(3);
  const errors = await rig.request('GET', `/imports/${old}/errors`);
  expect([errors.status, errors.body.code]).toEqual([404, 'NOT_FOUND']);
  expect(await rig.ends(await rig.upload(file))).toMatchObject({ confirmed: 0, repeated: 3, failed: 1 });
});

/** How many times an import has looked at what is left of its orders. */
async function looksOf(id: string): Promise<number> {
  const { events = [] } = await rig.importHandle(id).fetchHistory();
  return (events ?? []).filter(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'settleImportRows',
  ).length;
}
