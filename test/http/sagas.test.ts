import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeResolution } from '../../src/repositories/saga-resolutions.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
const ids: string[] = [];

beforeAll(async () => {
  rig = await startApiRig({ settings: { STUCK_AFTER: '1m' } });
  for (let n = 0; n < 3; n += 1) ids.push((await rig.place({}, { headers: { Prefer: 'respond-async' } })).body.id);
  const { db } = rig.database;
  await db.updateTable('orders').set({ saga_state: 'NEEDS_ATTENTION', workflow_started: true }).execute();
  const parked = { step: 'chargePayment', state: 'FAILED', attempts: 4, actor: 'system:saga' } as const;
  for (const [n, id] of ids.entries()) {
    const row = { ...parked, order_id: id, last_error: n === 0 ? 'REQUEST_REJECTED: no' : 'UNREACHABLE: away' };
    await db.insertInto('order_saga_steps').values(row).execute();
  }
});
afterAll(() => rig.stop());

const asOperator = { as: 'operator', sub: 'olga' } as const;
const decision = { filter: { step: 'chargePayment', error: 'unreachable' }, action: 'retry', reason: 'it is back' };
const resolve = (body: object, headers: Record<string, string> = {}) =>
  rig.request('POST', '/api/v1/sagas/resolve', { ...asOperator, body, headers });

describe('deciding on many parked steps', () => {
  test('tells with a dry run how many, which, what would be done and what they come to, and changes nothing', async () => {
    const { status, body } = await resolve({ ...decision, dry_run: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({ dry_run: true, matched: 2, groups: [{ step: 'chargePayment', orders: 2 }] });
    expect(body.groups[0].effect).toContain('runs it again');
    expect(body.orders.map(({ order_id: id }: { order_id: string }) => id).toSorted()).toEqual(ids.slice(1).toSorted());
    expect(await rig.database.db.selectFrom('saga_resolutions').selectAll().execute()).toEqual([]);
  });

  test('is registered once a key, and reported order by order', async () => {
    const first = await resolve(decision, { 'Idempotency-Key': 'k1' });
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({ status: 'RUNNING', counts: { waiting: 2, decided: 0 }, actor: 'operator:olga' });
    expect((await resolve(decision, { 'Idempotency-Key': 'k1' })).body.id).toBe(first.body.id);
    expect((await resolve({ ...decision, reason: 'x' }, { 'Idempotency-Key': 'k1' })).status).toBe(422);
    const path = `/api/v1/sagas/resolve/${first.body.id}`;
    const page = await rig.request('GET', `${path}?limit=1`, asOperator);
    expect(page.body).toMatchObject({ id: first.body.id, data: [{ state: 'WAITING', step: 'chargePayment' }] });
    const rest = await rig.request('GET', `${path}?limit=1&cursor=${page.body.next_cursor}`, asOperator);
    expect(rest.body).toMatchObject({ data: [{ state: 'WAITING' }], next_cursor: null });
    const reported: string[] = [page.body.data[0].order_id, rest.body.data[0].order_id];
    expect(reported.toSorted()).toEqual(ids.slice(1).toSorted());
  });

  test('is told and reported of in pages, however many steps there are', async () => {
    const { db } = rig.database;
    const count = 3_000;
    const sagas = Array.from({ length: count }, (_, n) => `amend-${n + 1}`);
    const parked = { step: 'refundAmount', state: 'FAILED', attempts: 4, actor: 'system:saga' } as const;
    const rows = sagas.map((saga) => ({ ...parked, saga, order_id: ids[0]!, last_error: 'UNREACHABLE: away' }));
    await db.insertInto('order_saga_steps').values(rows).execute();
    const many = { ...decision, filter: { step: 'refundAmount' } };

    const preview = await resolve({ ...many, dry_run: true });
    expect(preview.body).toMatchObject({ matched: count, groups: [{ orders: count }] });
    expect(preview.body.orders).toHaveLength(200);

    const { body: made } = await resolve(many);
    expect(made.counts).toMatchObject({ waiting: count });
    expect(JSON.stringify(made).length).toBeLessThan(2_000);
    const sizes: number[] = [];
    for (let cursor = ''; ;) {
      const { body } = await rig.request('GET', `/api/v1/sagas/resolve/${made.id}?limit=200${cursor}`, asOperator);
      sizes.push(body.data.length);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(sizes).toEqual(Array.from({ length: count / 200 }, () => 200));
    await db.deleteFrom('order_saga_steps').where('step', '=', 'refundAmount').execute();
  });

  test('is listed with who made it and what came of it, the newest first, also once its orders are gone', async () => {
    const { db } = rig.database;
    await db.deleteFrom('saga_resolutions').execute();
    const ofAda = { as: 'admin', sub: 'ada' } as const;
    const made: string[] = [];
    for (const who of [asOperator, ofAda, asOperator]) {
      // One after the other, so that their order is known.
      // oxlint-disable-next-line no-await-in-loop
      made.push((await rig.request('POST', '/api/v1/sagas/resolve', { ...who, body: decision })).body.id);
    }
    const [oldest = '', middle = '', newest = ''] = made;
    await db
      .updateTable('saga_resolution_orders')
      .set({ state: 'DECIDED' })
      .where('resolution_id', '=', oldest)
      .execute();
    await completeResolution(db, oldest);
    await db.deleteFrom('saga_resolution_orders').where('resolution_id', '=', oldest).execute();

    const list = (query: string) => rig.request('GET', `/api/v1/sagas/resolve?${query}`, asOperator);
    const idsOf = async (query: string) => (await list(query)).body.data.map(({ id }: { id: string }) => id);
    const { body } = await list('limit=2');
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([newest, middle]);
    expect(body.data[1]).toMatchObject({ actor: 'admin:ada', status: 'RUNNING', counts: { waiting: 2 } });
    const rest = await list(`limit=2&cursor=${body.next_cursor}`);
    expect(rest.body).toMatchObject({
      data: [{ id: oldest, status: 'COMPLETED', filter: decision.filter, counts: { waiting: 0, decided: 2 } }],
      next_cursor: null,
    });
    expect((await rig.request('GET', `/api/v1/sagas/resolve/${oldest}`, asOperator)).body.counts.decided).toBe(2);
    expect(await idsOf('status=COMPLETED')).toEqual([oldest]);
    expect(await idsOf('status=RUNNING&actor=ada')).toEqual([middle]);
    expect(await idsOf('action=skip')).toEqual([]);
    expect(await idsOf('to=2020-01-01')).toEqual([]);
    expect(await idsOf('from=2020-01-01')).toHaveLength(3);
    expect(await list(`actor=ada&cursor=${body.next_cursor}`)).toMatchObject({ status: 400 });
  });

  test('is about the orders that were chosen, where some are', async () => {
    const chosen = { ...decision, filter: { order_ids: ids.slice(0, 2) }, dry_run: true };
    const { body } = await resolve(chosen);
    expect(body.orders.map(({ order_id: id }: { order_id: string }) => id).toSorted()).toEqual(
      ids.slice(0, 2).toSorted(),
    );
  });

  test.each([
    ['a filter that names nothing', { ...decision, filter: {} }],
    ['a step that there is not', { ...decision, filter: { step: 'bakeCake' } }],
    ['a moment that is none', { ...decision, filter: { before: 'yesterday' } }],
    ['no reason', { filter: decision.filter, action: 'retry' }],
  ])('refuses %s', async (_, body) => {
    expect(await resolve(body)).toMatchObject({ status: 400, body: { code: 'VALIDATION' } });
  });
});

test('waiting orders are listed page by page, and told apart by cause, step and wait', async () => {
  const list = (query: string) => rig.request('GET', `/api/v1/sagas/waiting?${query}`, asOperator);
  const { body } = await list('limit=2');
  expect(body.data).toHaveLength(2);
  expect(body.data[0]).toMatchObject({ cause: 'NEEDS_ATTENTION', step: 'chargePayment', attempts: 4, is_stuck: true });
  const next = await list(`limit=2&cursor=${body.next_cursor}`);
  expect(next.body.data).toHaveLength(1);
  expect((await list('cause=RETRYING')).body.data).toEqual([]);
  expect((await list('step=reserveInventory')).body.data).toEqual([]);
  expect((await list('waiting_since=2020-01-01')).body.data).toEqual([]);
  const orders = await rig.request('GET', '/api/v1/orders?step=chargePayment&saga_state=NEEDS_ATTENTION', asOperator);
  expect(orders.body.data).toHaveLength(3);
});
