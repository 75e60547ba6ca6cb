import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
let ids: string[];

beforeAll(async () => {
  rig = await startApiRig();
  ids = [];
  for (let count = 0; count < 7; count += 1) ids.push((await rig.place()).body.id);
  await rig.place({}, { sub: 'bob' });
  await rig.place({ payment_method: 'tok_declined' }, { sub: 'bob' });
  await rig.database.db
    .updateTable('orders')
    .set({ saga_state: 'NEEDS_ATTENTION' })
    .where('id', '=', ids[0]!)
    .execute();
  await rig.database.db.updateTable('orders').set({ batch_id: 'batch-1' }).where('id', 'in', ids.slice(0, 2)).execute();
});
afterAll(() => rig.stop());

const list = (query: string, as: 'customer' | 'support' = 'support') =>
  rig.request('GET', `/api/v1/orders?${query}`, { as });
const idsOf = (answer: Awaited<ReturnType<typeof list>>): string[] =>
  answer.body.data.map(({ id }: { id: string }) => id);

describe('a list', () => {
  test('has the newest orders first, with their lines', async () => {
    const { body } = await list('');
    expect(body.data).toHaveLength(9);
    expect(body.next_cursor).toBeNull();
    expect(body.data.at(-1)).toMatchObject({ id: ids[0], items: [{ sku: 'MUG', quantity: 2 }] });
  });

  test('shows a customer nothing but its own orders', async () => {
    expect(idsOf(await list('', 'customer')).toSorted()).toEqual(ids.toSorted());
    expect((await list('customer_id=alice', 'customer')).status).toBe(200);
    expect((await list('customer_id=bob', 'customer')).body.code).toBe('FORBIDDEN');
  });

  test.each(['', 'sort=created_at', 'customer_id=alice', 'status=CONFIRMED', 'q=ORD-0'])(
    'read page by page with "%s" has every order once, in order, while orders come in',
    async (filter) => {
      const whole = idsOf(await list(filter));
      const paged: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await list(`${filter}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
        paged.push(...idsOf(page));
        cursor = page.body.next_cursor;
        if (filter !== 'sort=created_at') await rig.place({}, { sub: 'bob' });
      } while (cursor !== null);
      expect(paged).toEqual(whole);
    },
  );

  test('is filtered by what is asked for', async () => {
    expect(idsOf(await list('needs_attention=true'))).toEqual([ids[0]]);
    expect(idsOf(await list('needs_attention=false&customer_id=alice'))).toHaveLength(6);
    expect(idsOf(await list('batch_id=batch-1'))).toEqual([ids[1], ids[0]]);
    expect(idsOf(await list('status=PAYMENT_FAILED'))).toHaveLength(1);
    expect(idsOf(await list('payment_status=FAILED'))).toHaveLength(1);
    const { body } = await rig.request('GET', `/api/v1/orders/${ids[3]}`);
    expect(idsOf(await list(`q=${body.order_number}`))).toEqual([ids[3]]);
    expect(idsOf(await list(`q=${body.order_number.toLowerCase()}`))).toEqual([ids[3]]);
    expect(idsOf(await list('q=%25'))).toEqual([]);
    expect(idsOf(await list('q=or'))).toEqual(idsOf(await list('')));
    expect(idsOf(await list('from=2001-01-01&to=2001-12-31T23:59:59.999%2B02:00'))).toEqual([]);
    expect(idsOf(await list('from=2001-01-01&customer_id=alice'))).toHaveLength(7);
    expect(idsOf(await list('from=0001-01-01&to=9999-12-31T23:59:59Z&customer_id=alice'))).toHaveLength(7);
  });
});

const madeUp = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
const id = '019aa3f2-6c1e-7b7a-9a54-0d5f6d9f7c11';

test.each([
  ['colour=red', 'colour'],
  ['limit=0', 'limit'],
  ['limit=201', 'limit'],
  ['limit=1e2', 'limit'],
  ['limit=', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['status=confirmed', 'status'],
  ['payment_status=PAID', 'payment_status'],
  ['sort=total', 'sort'],
  ['needs_attention=maybe', 'needs_attention'],
  ['from=yesterday', 'from'],
  ['from=2026-02-30', 'from'],
  ['from=0000-01-01', 'from'],
  ['to=9999-12-31T23:59:59-14:00', 'to'],
  ['from=2026-02-02&to=2026-02-01', 'to'],
  ['q=%00', 'q'],
  ['customer_id=a%00b', 'customer_id'],
  ['batch_id=', 'batch_id'],
  ['cursor=', 'cursor'],
  ['cursor=nonsense', 'cursor'],
  [`cursor=${madeUp(['x', '0000-01-01T00:00:00Z', id])}`, 'cursor'],
  [`cursor=${madeUp(['x', '2026-01-01T00:00:00Z', 'no id'])}`, 'cursor'],
  [`cursor=${madeUp(['x', '2026-01-01T00:00:00Z', id])}`, 'cursor'],
  [`cursor=${madeUp(null)}`, 'cursor'],
])('the query "%s" is refused at its parameter', async (query, parameter) => {
  const { status, body } = await list(query);
  expect(status).toBe(400);
  expect(body.code).toBe('VALIDATION');
  expect(body.details).toMatchObject([{ parameter }]);
});

test('a cursor continues no list but its own', async () => {
  const { body } = await list('limit=1&status=CONFIRMED');
  for (const other of [
    'status=PENDING',
    'status=CONFIRMED&sort=created_at',
    '',
    'status=CONFIRMED&customer_id=alice',
  ]) {
    const answer = await list(`${other}&cursor=${body.next_cursor}`);
    expect(answer.body.details).toMatchObject([{ parameter: 'cursor' }]);
  }
  expect((await list(`limit=3&status=CONFIRMED&cursor=${body.next_cursor}`)).status).toBe(200);
});

const countsOf = async () => {
  const { body } = await rig.request('GET', '/api/v1/queues', { as: 'operator' });
  return Object.fromEntries(body.data.map(({ queue, count }: { queue: string; count: number }) => [queue, count]));
};
const queued = async (queue: string) =>
  (await rig.request('GET', `/api/v1/queues/${queue}`, { as: 'support' })).body.data;

describe('queues of work', () => {
  test('list the orders that they count, what ends soonest first', async () => {
    const { db } = rig.database;
    const set = (order: string, values: object) =>
      db.updateTable('orders').set(values).where('id', '=', order).execute();
    await set(ids[1]!, { amend_until: '2030-01-02T00:00:00Z' });
    await set(ids[2]!, { amend_until: '2030-01-01T00:00:00Z' });
    await set(ids[3]!, { refund_due_minor: 1_250 });
    const dispute = { order_id: ids[4]!, dispute_id: 'd', state: 'OPEN' as const, amount_minor: 100, currency: 'EUR' };
    await db
      .insertInto('order_disputes')
      .values({ ...dispute, reason: 'fraudulent' })
      .execute();
    expect(await countsOf()).toMatchObject({
      PAYMENT_FAILED: 1,
      BACKORDERED: 2,
      REFUND_DUE: 1,
      DISPUTED: 1,
      REVIEW: 0,
      MESSAGE_FAILED: 0,
      DEAD_LETTER: 0,
    });
    expect(await queued('BACKORDERED')).toMatchObject([{ order_id: ids[2] }, { order_id: ids[1] }]);
    expect(await queued('REFUND_DUE')).toMatchObject([{ order_id: ids[3], refund_due: '12.50', total: '25.00' }]);
    expect(await queued('DISPUTED')).toMatchObject([{ order_id: ids[4], detail: 'fraudulent' }]);
    expect(await queued('PAYMENT_FAILED')).toMatchObject([{ status: 'PAYMENT_FAILED', until: expect.any(String) }]);
    expect(await queued('REVIEW')).toEqual([]);
  });

  test('say where what stands in each is listed', async () => {
    const { body } = await rig.request('GET', '/api/v1/queues', { as: 'operator' });
    for (const { queue, url } of body.data as readonly { queue: string; url: string }[]) {
      const listed = await rig.request('GET', url, { as: 'operator' });
      expect([queue, listed.status]).toEqual([queue, 200]);
      const own = await rig.request('GET', `/api/v1/queues/${queue}`, { as: 'operator' });
      // Either it is listed here, or it is said where.
      expect(own.status === 200 ? `/api/v1/queues/${queue}` : own.body.detail).toContain(url);
      expect([200, 404]).toContain(own.status);
    }
  });
});
