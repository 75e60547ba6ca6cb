import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});

afterAll(() => rig.stop());

const acknowledge = (id: string, sub: string) =>
  rig.request('POST', `/api/v1/imports/${id}/acknowledge`, { as: 'operator', sub, body: { reason: 'sent again' } });

const waiting = async () => {
  const { body } = await rig.request('GET', '/api/v1/imports?has_failed=true&acknowledged=false', { as: 'operator' });
  return body.data.map(({ id }: { id: string }) => id);
};

test('an import with orders that failed leaves its queue once it is acknowledged, by whoever was first, and stays on record', async () => {
  const [seen, other] = [await anImport('COMPLETED'), await anImport('COMPLETED')];
  expect(await waiting()).toEqual(expect.arrayContaining([seen, other]));
  const { status, body } = await acknowledge(seen, 'olga');
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: seen, failed: 2, acknowledged_by: expect.stringContaining('olga') });
  expect((await acknowledge(seen, 'pavel')).body).toEqual(body);
  expect(await waiting()).toContain(other);
  expect(await waiting()).not.toContain(seen);
  const failed = await rig.request('GET', '/api/v1/imports?has_failed=true', { as: 'operator' });
  expect(failed.body.data).toContainEqual(body);
  const audit = await rig.request('GET', '/api/v1/audit?operation=acknowledgeImport', { as: 'admin' });
  expect(audit.body.data.map(({ reason }: { reason: string }) => reason)).toEqual(['sent again', 'sent again']);
});

test('the queue of imports with errors counts what nobody has acknowledged', async () => {
  const before = await countOfQueue();
  const id = await anImport('COMPLETED');
  await expect.poll(countOfQueue, { timeout: 60_000, interval: 500 }).toBe(before + 1);
  await acknowledge(id, 'olga');
  await expect.poll(countOfQueue, { timeout: 60_000, interval: 500 }).toBe(before);
});

test('an import that still runs is not acknowledged: more of it may fail', async () => {
  const id = await anImport('RUNNING');
  const { status, body } = await acknowledge(id, 'olga');
  expect([status, body.code]).toEqual([400, 'ORD005']);
  const job = await rig.request('GET', `/api/v1/imports/${id}`, { as: 'operator' });
  expect(job.body).toMatchObject({ acknowledged_at: null, acknowledged_by: null });
});

test('an import of which nothing failed is not acknowledged: there is nothing to see to', async () => {
  const id = await anImport('COMPLETED', 0);
  const { status, body } = await acknowledge(id, 'olga');
  expect([status, body.code]).toEqual([400, 'ORD005']);
  expect(body.detail).toContain('nothing to acknowledge');
});

async function countOfQueue(): Promise<number> {
  const { body } = await rig.request('GET', '/api/v1/queues', { as: 'operator' });
  return body.data.find(({ queue }: { queue: string }) => queue === 'IMPORT_FAILED').count;
}

/** An import of three orders of which two failed, unless it says how many. */
async function anImport(status: 'COMPLETED' | 'RUNNING', failed = 2): Promise<string> {
  const id = uuidv7();
  const counts = { WAITING: 0, PLACED: 0, CONFIRMED: 3 - failed, FAILED: failed, REPEATED: 0, CANCELLED: 0 };
  const hasEnded = status === 'COMPLETED';
  await sql`
    insert into imports (id, kind, status, subject, roles, actor, order_count, completed_at, final_progress)
    values (${id}, 'csv', ${status}, 'shop', '{service}', 'service:shop', 3, ${hasEnded ? new Date() : null},
      ${hasEnded ? JSON.stringify({ counts, placed: 1, errorRows: 2 }) : null}::jsonb)`.execute(rig.database.db);
  return id;
}
