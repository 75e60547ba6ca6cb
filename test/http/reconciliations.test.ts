import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remedies } from '../../src/domain/payment-report.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const compare = (from: string, to: string) =>
  rig.request('POST', '/api/v1/reconciliations', { as: 'operator', body: { from, to } });
const read = (path: string) => rig.request('GET', `/api/v1/reconciliations${path}`, { as: 'operator' });

test('a report is found where its answer says, with every difference and what to do about it, also as CSV that runs no formula', async () => {
  const asked = await compare('2026-11-01', '2026-11-02T00:00:00Z');
  expect(asked.status).toBe(202);
  const { id } = asked.body;
  expect(asked.headers.get('location')).toBe(`/api/v1/reconciliations/${id}`);
  await sql`
    insert into payment_differences (report_id, position, kind, order_id, payment_id, idempotency_key, ours, theirs) values
      (${id}, 1, 'AMOUNT', 'a', 'p1', 'a:charge:1', '24.00 EUR', '25.00 EUR'),
      (${id}, 2, 'MISSING_WITH_US', null, '=1+1', null, null, '7.00 EUR')`.execute(rig.database.db);
  expect((await read('')).body.data).toEqual([asked.body]);
  const found = await read(`/${id}`);
  expect(found.body).toMatchObject({
    ...asked.body,
    differences_by_kind: { AMOUNT: 1, MISSING_WITH_US: 1 },
    differences: [
      { kind: 'AMOUNT', order_id: 'a', ours: '24.00 EUR', theirs: '25.00 EUR', what_to_do: remedies.AMOUNT },
      { kind: 'MISSING_WITH_US', order_id: null, payment_id: '=1+1', what_to_do: remedies.MISSING_WITH_US },
    ],
  });
  const lines = (await read(`/${id}/differences`)).body.trim().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[2]).toContain(",'=1+1,");
});

test('a time that ends before it begins, or is too young to be compared, is refused', async () => {
  const now = new Date().toISOString();
  for (const [from, to] of [
    ['2026-11-02', '2026-11-01'],
    [now, '2100-01-01'],
  ] as const) {
    const { status, body } = await compare(from, to);
    expect([status, body.details[0].pointer]).toEqual([400, '/from']);
  }
});
