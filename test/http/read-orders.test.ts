import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const get = (path: string, as: 'customer' | 'support' = 'support', headers = {}) =>
  rig.request('GET', `/api/v1/orders${path}`, { as, headers });

async function refuseCancel(id: string, sub = 'alice'): Promise<string> {
  const { body } = await rig.request('POST', `/api/v1/orders/${id}/cancel`, { sub, body: { reason: 'x' } });
  return `${body.code} ${body.detail}`;
}

describe('an order', () => {
  test('is found by its id and by its number', async () => {
    const { body } = await rig.place();
    expect((await get(`/${body.id}`)).body).toEqual(body);
    expect((await get(`/${body.order_number}`)).body).toEqual(body);
  });

  test('that the client has already is not sent again', async () => {
    const { body, headers } = await rig.place();
    const tag = headers.get('etag') ?? '';
    for (const known of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const { status, body: nothing } = await get(`/${body.id}`, 'customer', { 'If-None-Match': known });
      expect([status, nothing]).toEqual([304, '']);
    }
    expect((await get(`/${body.id}`, 'customer', { 'If-None-Match': '"0"' })).status).toBe(200);
  });

  test.each(['019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11', 'ORD-99999999', 'nonsense', '%00', "1'or'1", '%F0%9F', 'ORD-'])(
    'that nobody has placed is a 404: %s',
    async (id) => {
      for (const below of ['', '/details', '/status', '/items', '/history', '/payments', '/saga']) {
        const { status, body } = await get(`/${id}${below}`);
        expect([status, body.code]).toEqual([404, 'ORD004']);
      }
    },
  );

  test('that is archived is read as before by its id and number, exported when asked for, not listed, and not changed any more', async () => {
    const { body } = await rig.place();
    const paths = ['', '/details', '/status', '/items', '/history', '/payments', '/saga', '/shipments', '/returns'];
    const readAll = async (key: string) =>
      Promise.all(paths.map(async (path) => (await get(`/${key}${path}`)).body as unknown));
    await sql`
      update orders set status = 'CANCELLED', saga_state = 'COMPENSATED', updated_at = now() - interval '1 year'
      where id = ${body.id}`.execute(rig.database.db);
    await sql`update outbox set position = id, sequenced_at = now() where subject_id = ${body.id}`.execute(
      rig.database.db,
    );
    const before = await readAll(body.id);
    await sql`select archive_orders('30 days', 100)`.execute(rig.database.db);
    expect(await readAll(body.id)).toEqual(before);
    expect(await readAll(body.order_number)).toEqual(before);
    expect((await rig.request('GET', `/api/v1/orders/${body.id}`, { sub: 'bob' })).status).toBe(404);
    expect((await get(`?q=${body.order_number}`)).body.data).toEqual([]);
    expect((await get('/export?archived=true')).body).toContain(body.order_number);
    expect((await get('/export')).body).not.toContain(body.order_number);
    expect(await refuseCancel(body.id)).toMatch(/^ORD004 .*is archived/);
    expect(await refuseCancel(body.id, 'bob')).toMatch(/^ORD004 There is no order/);
  });

  test('tells its lines, history, payments, ledger and status', async () => {
    const { body } = await rig.place();
    const [items, history, payments, ledger, status] = await Promise.all(
      ['items', 'history', 'payments', 'saga', 'status'].map((what) => get(`/${body.id}/${what}`)),
    );
    expect(items?.body).toEqual({ data: body.items, next_cursor: null });
    expect(history?.body.data).toMatchObject([
      { version: 1, from: null, to: 'PENDING', actor: 'customer:alice', reason: 'order placed' },
      { version: 2, from: 'PENDING', to: 'CONFIRMED', actor: 'system:saga' },
    ]);
    expect(payments?.body.data).toEqual([]);
    expect(ledger?.body).toEqual({ data: [], next_cursor: null, saga_state: 'COMPLETED', stall: null });
    expect(status?.body).toMatchObject({
      id: body.id,
      status: 'CONFIRMED',
      version: 2,
      allowed: ['PROCESSING', 'SHIPPED', 'CANCELLED'],
    });
  });

  test('shows payments masked and the ledger with what is done and undone', async () => {
    const { body } = await rig.place();
    await rig.database.db
      .insertInto('order_payment_transactions')
      .values({
        idempotency_key: `${body.id}:charge`,
        order_id: body.id,
        kind: 'CHARGE',
        status: 'DECLINED',
        payment_id: null,
        amount_minor: 2_500,
        currency: 'EUR',
        payment_method: 'tok_insufficient_funds',
        decline_code: 'insufficient_funds',
      })
      .execute();
    const step = { order_id: body.id, state: 'DONE', attempts: 1, last_error: null, actor: 'system:saga' } as const;
    await rig.database.db
      .insertInto('order_saga_steps')
      .values([
        { ...step, step: 'releaseInventoryIfReserved', ...began(2) },
        { ...step, step: 'reserveInventory', ...began(1) },
      ])
      .execute();
    expect((await get(`/${body.id}/payments`)).body.data).toMatchObject([
      { amount: '25.00', payment_method: 'tok_***ds', decline_code: 'insufficient_funds' },
    ]);
    expect((await get(`/${body.id}/saga`)).body.data).toMatchObject([
      { step: 'reserveInventory', kind: 'do' },
      { step: 'releaseInventoryIfReserved', kind: 'undo' },
    ]);
  });
});

function began(second: number) {
  return { started_at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) };
}
