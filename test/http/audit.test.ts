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
        order_number: number,
        path: `/api/v1/orders/${number}/status`,
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

  test('of a service on its orders is on record, also one on an order that is not its own, and placing is not', async () => {
    const placed = await rig.place({ customer_id: 'alice' }, { as: 'service', sub: 'feed' });
    const cancel = (order: string) =>
      rig.request('POST', `/api/v1/orders/${order}/cancel`, { as: 'service', sub: 'feed', body: { reason: 'x' } });
    expect([(await cancel(placed.body.id)).status, (await cancel(id)).status]).toEqual([200, 404]);
    const { data } = await read('?actor=feed');
    expect(data).toMatchObject([
      { operation: 'cancelOrder', order_id: id, status: 404, reason: 'x' },
      { operation: 'cancelOrder', order_id: placed.body.id, status: 200, reason: 'x' },
    ]);
    expect(data).toHaveLength(2);
  });

  test('of a customer leaves no trace', async () => {
    const before = (await entries()).length;
    await rig.request('GET', `/api/v1/orders/${id}`);
    await rig.request('POST', `/api/v1/orders/${id}/cancel`, { body: { reason: 'mine' } });
    expect((await entries()).length).toBe(before);
  });
});

/** The entries that `ask` leads to. */
const since = async (ask: () => Promise<unknown>) => {
  const before = (await entries()).at(-1)?.id ?? 0;
  await ask();
  return (await entries()).filter((entry) => entry.id > before);
};

describe('what staff read of others', () => {
  test.each([
    ['GET', '', 'getOrder'],
    ['HEAD', '', 'getOrder'],
    ['GET', '/history', 'listOrderHistory'],
    ['GET', '/payments', 'listOrderPayments'],
    ['GET', '/items', 'listOrderItems'],
    ['GET', '/status', 'getOrderStatus'],
    ['GET', '/saga', 'listSagaSteps'],
    ['GET', '/shipments', 'listOrderShipments'],
    ['GET', '/returns', 'listOrderReturns'],
  ])('%s of an order%s is one entry', async (method, part, operation) => {
    for (const name of [id, number, number.toLowerCase()]) {
      const path = `/api/v1/orders/${name}${part}`;
      const written = await since(() => rig.request(method, path, { as: 'support', sub: 'sam' }));
      expect(written).toMatchObject([
        { operation, subject: 'sam', roles: ['support'], order_id: id, path, status: 200, reason: null },
      ]);
      expect(written[0]?.completed_at).not.toBeNull();
    }
  });

  test.each([
    ['/api/v1/orders', 'listOrders', 'support'],
    ['/api/v1/orders?customer_id=alice&limit=1', 'listOrders', 'operator'],
    ['/api/v1/orders?q=ORD-', 'listOrders', 'admin'],
    ['/api/v1/orders/export?status=CANCELLED', 'exportOrders', 'support'],
  ] as const)('%s is one entry that says what was asked for', async (path, operation, as) => {
    expect(await since(() => rig.request('GET', path, { as, sub: 'sam' }))).toMatchObject([
      { operation, subject: 'sam', order_id: null, path, status: 200 },
    ]);
  });

  test('is on record before the first byte of a stream is sent', async () => {
    const authorization = `Bearer ${await rig.token('sam', ['support'])}`;
    const written = await since(async () => {
      const response = await rig.api.request(`/api/v1/orders/${id}/events`, { headers: { authorization } });
      await response.body?.cancel();
    });
    expect(written).toMatchObject([{ operation: 'streamOrderEvents', order_id: id, status: 200 }]);
  });

  test('is an import of somebody else, as much as an order', async () => {
    const csv = { body: 'order_reference,sku,quantity\n1,MUG,1', headers: { 'content-type': 'text/csv' } };
    const { body } = await rig.request('POST', '/api/v1/imports', { as: 'service', sub: 'shop', ...csv });
    for (const path of [`/api/v1/imports/${body.id}`, `/api/v1/imports/${body.id}/errors`]) {
      expect(await since(() => rig.request('GET', path, { as: 'admin', sub: 'ada' }))).toMatchObject([
        { path, subject: 'ada' },
      ]);
    }
    expect(await since(() => rig.request('GET', `/api/v1/imports/${body.id}`, { as: 'admin', sub: 'shop' }))).toEqual(
      [],
    );
  });

  test('is no entry when it is their own, is not there, or is refused', async () => {
    const placed = await rig.place({ customer_id: 'bob' }, { as: 'admin', sub: 'ada' });
    const ask = (path: string, as: 'admin' | 'support', sub: string) =>
      rig.request('GET', `/api/v1${path}`, { as, sub });
    const written = await since(async () => {
      await ask(`/orders/${id}`, 'support', 'alice');
      await ask('/orders?customer_id=alice', 'support', 'alice');
      await ask(`/orders/${placed.body.id}`, 'admin', 'ada');
      await ask('/orders/ORD-99999999', 'support', 'sam');
      await ask('/orders?limit=0', 'support', 'sam');
      await ask('/reports/statuses', 'support', 'sam');
    });
    expect(written).toEqual([]);
  });

  test('keeps no card number', async () => {
    const written = await since(() => rig.request('GET', '/api/v1/orders?q=4242+4242+4242+4242', { as: 'admin' }));
    expect(written).toMatchObject([{ path: '/api/v1/orders' }]);
  });

  test('is not shown when it can not be recorded', async () => {
    await rig.database.pool.query('alter table audit_log rename to elsewhere');
    const answers = [
      await rig.request('GET', `/api/v1/orders/${id}`, { as: 'support' }),
      await rig.request('GET', `/api/v1/orders/${id}/events`, { as: 'support' }),
      await rig.request('GET', `/api/v1/orders/${id}`),
    ];
    await rig.database.pool.query('alter table elsewhere rename to audit_log');
    expect(answers.map(({ status }) => status)).toEqual([500, 500, 200]);
    expect(JSON.stringify(answers.slice(0, 2))).not.toContain('High Street');
  });

  test('at the same time is on record entry by entry', async () => {
    const written = await since(() =>
      Promise.all(
        Array.from({ length: 30 }, (_, n) => rig.request('GET', `/api/v1/orders?limit=${n + 1}`, { as: 'support' })),
      ),
    );
    expect(new Set(written.map(({ path }) => path)).size).toBe(30);
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

test('is exported as CSV with the same filters, in which nothing runs as a formula', async () => {
  const answer = await rig.request('POST', `/api/v1/orders/${id}/cancel`, {
    as: 'support',
    sub: 'exporter',
    body: { reason: '=1+1' },
  });
  expect(answer.status).toBe(200);
  const exported = (query: string) =>
    rig.request('GET', `/api/v1/audit/export?actor=exporter${query}`, { as: 'operator' });
  const { body, headers } = await exported('&operation=cancelOrder');
  expect(headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
  const [head, ...lines] = String(body).trim().split('\n');
  expect(head).toBe('id,at,actor,roles,operation,order_id,order_number,path,request_id,reason,status,completed_at');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`,exporter,support,cancelOrder,${id},${number},/api/v1/orders/${id}/cancel,`);
  expect(lines[0]).toContain(`,'=1+1,200,`);
  expect(String((await exported('&operation=changeStatus')).body).trim()).toBe(head);
});
