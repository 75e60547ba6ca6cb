import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
let id: string;
let number: string;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());
beforeEach(async () => {
  const { body } = await rig.place();
  id = body.id;
  number = body.order_number;
});

const read = async (query = '') =>
  (await rig.request('GET', `/api/v1/audit${query}`, { as: 'operator', sub: 'olga' })).body;
const entries = () => rig.database.db.selectFrom('audit_log').selectAll().orderBy('id').execute();

describe('an action of the staff', () => {
  test('is on record with who, what, why and what came of it', async () => {
    const body = { status: 'PROCESSING', reason: 'picked' };
    const headers = { 'X-Request-Id': 'req-1' };
    await rig.request('PUT', `/api/v1/orders/${number}/status`, { as: 'support', sub: 'sam', body, headers });
    expect((await read(`?order_id=${id}`)).data).toEqual([
      {
        id: expect.any(Number),
        at: expect.any(String),
        actor: 'sam',
        roles: ['support'],
        operation: 'changeStatus',
        order_id: id,
        request_id: 'req-1',
        reason: 'picked',
        status: 200,
        completed_at: expect.any(String),
      },
    ]);
  });

  test.each([
    ['a refused one', 'POST', '/saga/chargePayment', { action: 'retry', reason: 'x' }, 'support', 403, null],
    ['one that is not valid', 'PUT', '/status', { status: 'PROCESSING', reason: 'a\u0000b' }, 'admin', 400, null],
    ['one without JSON', 'PUT', '/status', '{', 'admin', 400, null],
    ['one that names a card', 'POST', '/cancel', { reason: '4242 4242 4242 4242' }, 'admin', 400, null],
    ['one that the order does not allow', 'PUT', '/status', { status: 'REFUNDED', reason: 'y' }, 'operator', 400, 'y'],
    ['one without a body', 'DELETE', '', undefined, 'operator', 200, null],
    ['one whose reason is in the query', 'DELETE', '/items/x?reason=broken', undefined, 'operator', 400, 'broken'],
  ] as const)('is on record, also %s', async (_, method, path, body, as, status, reason) => {
    const answer = await rig.request(method, `/api/v1/orders/${id}${path}`, { as, sub: 'sam', body });
    expect(answer.status).toBe(status);
    const { data } = await read(`?order_id=${number}`);
    expect(data).toMatchObject([{ status, reason, order_id: id, roles: [as] }]);
  });

  test('that makes an order is found by that order', async () => {
    const { body } = await rig.place({ customer_id: 'alice' }, { as: 'admin', sub: 'ada' });
    expect((await read(`?order_id=${body.id}`)).data).toMatchObject([
      { operation: 'createOrder', status: 201, actor: 'ada' },
    ]);
  });

  test('is written down before it is done, and not done when it can not be', async () => {
    const before = rig.commands.sent.length;
    const begun: (number | null)[] = [];
    const { send } = rig.commands;
    Object.assign(rig.commands, {
      send: async (...command: Parameters<typeof send>) => {
        begun.push(...(await entries()).slice(-1).map(({ status }) => status));
        return send(...command);
      },
    });
    const cancel = () => rig.request('POST', `/api/v1/orders/${id}/cancel`, { as: 'support', sub: 'sam', body: {} });
    await rig.database.pool.query('alter table audit_log rename to elsewhere');
    const refused = await cancel();
    await rig.database.pool.query('alter table elsewhere rename to audit_log');
    expect([refused.status, rig.commands.sent.length]).toEqual([500, before]);
    expect((await cancel()).status).toBe(200);
    expect(begun).toEqual([null]);
    Object.assign(rig.commands, { send });
  });

  test('leaves no trace when it only reads, or is a customer’s own', async () => {
    const before = (await entries()).length;
    for (const as of ['support', 'operator', 'admin'] as const)
      await rig.request('GET', `/api/v1/orders/${id}`, { as });
    await rig.request('POST', `/api/v1/orders/${id}/cancel`, { body: { reason: 'mine' } });
    await rig.request('POST', `/api/v1/orders/${id}/cancel`, { as: 'service', sub: 'feed', body: {} });
    expect((await entries()).length).toBe(before);
  });
});

describe('the audit log', () => {
  test('is read by page, newest first, and by who and when', async () => {
    for (let n = 0; n < 5; n += 1) {
      await rig.request('POST', `/api/v1/orders/${id}/cancel`, {
        as: 'support',
        sub: 'paula',
        body: { reason: `${n}` },
      });
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < 5; page += 1) {
      const { data, next_cursor }: { data: { reason: string }[]; next_cursor: string | null } = await read(
        `?actor=paula&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...data.map(({ reason }) => reason));
      cursor = next_cursor;
    }
    expect(seen).toEqual(['4', '3', '2', '1', '0']);
    expect((await read('?actor=paula&to=2020-01-01')).data).toEqual([]);
    expect((await read('?actor=paula&from=2020-01-01')).data).toHaveLength(5);
    expect((await read('?order_id=ORD-99999999')).data).toEqual([]);
    expect((await read('?order_id=%27%3B--')).data).toEqual([]);
  });

  test.each(['limit=0', 'from=2026-02-01&to=2026-01-01', 'cursor=x', 'who=sam', 'order_id='])(
    'refuses %s',
    async (query) => {
      const { status, body } = await rig.request('GET', `/api/v1/audit?${query}`, { as: 'admin' });
      expect([status, body.code]).toEqual([400, 'VALIDATION']);
    },
  );

  test('refuses a cursor of a list with other filters', async () => {
    for (const as of ['support', 'admin'] as const)
      await rig.request('POST', `/api/v1/orders/${id}/cancel`, { as, body: {} });
    const { next_cursor } = await read('?limit=1');
    const { status } = await rig.request('GET', `/api/v1/audit?actor=x&cursor=${next_cursor}`, { as: 'admin' });
    expect([typeof next_cursor, status]).toEqual(['string', 400]);
  });
});
