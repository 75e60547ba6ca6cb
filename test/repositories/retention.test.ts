import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OrderStatus } from '../../src/domain/order-status.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { findArchivedOrder, readArchive } from '../../src/repositories/archive.ts';
import { openDatabase, type Database } from '../../src/repositories/database.ts';
import { listOrders } from '../../src/repositories/list-orders.ts';
import { pruneTables } from '../../src/temporal/reconciler/prune-tables.ts';
import { createTestDatabase, type TestDatabase } from '../setup/database.ts';
import { createLogger } from '../../src/logger.ts';
import { orderIn, recordOf, someOrder, writeSaga } from './orders.ts';

const DAY_MS = 86_400_000;
const logger = createLogger({ level: 'silent', format: 'json' }, 'test');

let testDatabase: TestDatabase;
let owner: Database;
/** As the product runs: it can remove nothing but what the functions of the owner remove. */
let product: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const options = { max: 4, name: 'test', onError: () => {} };
  owner = openDatabase(testDatabase.url, options);
  product = openDatabase(testDatabase.runningUrl, options);
});
beforeEach(() =>
  sql`truncate orders, archive.orders, idempotency_keys, command_keys, payment_webhooks, audit_log, imports, outbox, sent_messages, stripe_intents, stripe_voids cascade`.execute(
    owner.db,
  ),
);
afterAll(async () => {
  await owner.close();
  await product.close();
  await testDatabase.drop();
});

const nothing = {
  ordersMs: undefined,
  auditMs: undefined,
  idempotencyMs: undefined,
  webhooksMs: undefined,
  mailsMs: undefined,
};
const prune = (retention: Partial<Record<keyof typeof nothing, number>>, everything = true) =>
  pruneTables({ db: product.db, config: { retention: { ...nothing, ...retention } }, logger }, { everything });

async function closedOrder(status: OrderStatus, daysAgo: number): Promise<string> {
  const id = await orderIn(owner.db, status);
  await writeSaga(owner.db, { orderId: id, sagaState: 'COMPLETED', steps: [] });
  await sql`update orders set updated_at = now() - ${daysAgo} * interval '1 day' where id = ${id}`.execute(owner.db);
  await sql`update outbox set position = id, sequenced_at = now() where subject_id = ${id}`.execute(owner.db);
  return id;
}

const inOrders = async () => (await owner.db.selectFrom('orders').select('id').execute()).map(({ id }) => id);

const columnsOf = async (schema: string) =>
  (
    await sql`
      select table_name, column_name, data_type from information_schema.columns
      where table_schema = ${schema} and table_name in (select table_name from information_schema.tables where table_schema = 'archive')
      order by table_name, ordinal_position`.execute(owner.db)
  ).rows;

describe('orders that are archived', () => {
  test.each(['CANCELLED', 'REFUNDED', 'DELIVERED'] as const)(
    '%s: are read as they were, with all that hangs on them',
    async (status) => {
      const id = await closedOrder(status, 400);
      const before = await recordOf(owner.db, id);
      await prune({ ordersMs: 365 * DAY_MS });
      expect(await inOrders()).toEqual([]);
      const { outbox: _, ...after } = await readArchive(product.db, (archive) => recordOf(archive, id));
      const { outbox: __, ...expected } = before;
      expect(after).toEqual(expected);
      const byNumber = await findArchivedOrder(product.db, before.order?.orderNumber ?? '');
      expect(byNumber).toMatchObject({ id, items: [{ sku: 'TEAPOT', quantity: 2 }] });
      const page = await readArchive(product.db, (archive) => listOrders(archive, { oldestFirst: false, limit: 10 }));
      expect(page.orders.map((order) => order.id)).toEqual([id]);
    },
  );

  test.each(['PENDING', 'CONFIRMED', 'PROCESSING', 'SHIPPED', 'PAYMENT_FAILED', 'RETURNED'] as const)(
    'never one that is %s, however old',
    async (status) => {
      const id = await closedOrder(status, 4_000);
      await prune({ ordersMs: 30 * DAY_MS });
      expect(await inOrders()).toEqual([id]);
    },
  );

  test.each<[string, (id: string) => Promise<unknown>]>([
    [
      'needs attention',
      (id) => owner.db.updateTable('orders').set({ saga_state: 'NEEDS_ATTENTION' }).where('id', '=', id).execute(),
    ],
    [
      'could not be announced to its customer',
      (id) => owner.db.updateTable('orders').set({ notification_failed: true }).where('id', '=', id).execute(),
    ],
    [
      'has an event that nobody has taken yet',
      (id) => owner.db.updateTable('outbox').set({ position: null }).where('subject_id', '=', id).execute(),
    ],
    [
      'has a return under way',
      (id) =>
        sql`
      insert into order_returns (id, order_id, number, state, actor, reason, items, refund_minor, is_whole)
      values (${randomUUID()}, ${id}, 1, 'OPEN', 'x', 'x', '[]', 0, false)`.execute(owner.db),
    ],
    [
      'has a refund under way',
      (id) =>
        sql`
      insert into order_refunds (id, order_id, number, state, actor, reason, amount_minor, notifies)
      values (${randomUUID()}, ${id}, 1, 'OPEN', 'x', 'x', 100, false)`.execute(owner.db),
    ],
    [
      'is younger than it is kept',
      (id) =>
        owner.db
          .updateTable('orders')
          .set({ updated_at: new Date(Date.now() - 40 * DAY_MS) })
          .where('id', '=', id)
          .execute(),
    ],
  ])('not one that %s', async (_, make) => {
    const id = await closedOrder('CANCELLED', 400);
    await make(id);
    await prune({ ordersMs: 50 * DAY_MS });
    expect(await inOrders()).toEqual([id]);
  });

  test('are not placed again under their key', async () => {
    const order = someOrder();
    const key = { subject: 'shop', key: 'basket-1', bodyHash: 'x' };
    await acceptOrder(owner.db, order, key);
    await sql`update orders set status = 'CANCELLED', saga_state = 'COMPENSATED', updated_at = now() - interval '1 year'`.execute(
      owner.db,
    );
    await sql`update outbox set position = id, sequenced_at = now()`.execute(owner.db);
    await prune({ ordersMs: 30 * DAY_MS });
    expect(await inOrders()).toEqual([]);
    expect(await acceptOrder(owner.db, someOrder(), key)).toBeUndefined();
  });

  test('have every column that orders have, in the same places', async () => {
    expect(await columnsOf('archive')).toEqual(await columnsOf('public'));
  });

  test('are moved by several processes at once, each order once', async () => {
    for (let n = 0; n < 12; n += 1) await closedOrder('CANCELLED', 400);
    await Promise.all([1, 2, 3].map(() => prune({ ordersMs: 30 * DAY_MS })));
    const { rows } = await sql<{ orders: number; items: number }>`
      select (select count(*) from archive.orders) as orders, (select count(*) from archive.order_items) as items`.execute(
      owner.db,
    );
    expect([rows, await inOrders()]).toEqual([[{ orders: 12, items: 12 }], []]);
  });
});

const rememberPayment = async (orderId: string, daysAgo: number) => {
  const at = new Date(Date.now() - daysAgo * DAY_MS);
  const key = `${orderId}:charge:1`;
  await owner.db
    .insertInto('stripe_intents')
    .values({ idempotency_key: key, order_id: orderId, intent_id: `pi_${key}`, started_at: at })
    .execute();
  await owner.db
    .insertInto('stripe_voids')
    .values([
      { voided: orderId, voided_at: at },
      { voided: key, voided_at: at },
    ])
    .execute();
};
const rememberedPayments = async () => [
  (await owner.db.selectFrom('stripe_intents').select('order_id').execute()).map((one) => one.order_id),
  (await owner.db.selectFrom('stripe_voids').select('voided').execute()).map(({ voided }) => voided.split(':')[0]),
];

describe('what is remembered of Stripe', () => {
  test('stays with its order, and a year at least, and is removed after that', async () => {
    const open = await orderIn(owner.db, 'SHIPPED');
    const archived = [randomUUID(), randomUUID()] as const;
    await rememberPayment(open, 4_000);
    await rememberPayment(archived[0], 300);
    await rememberPayment(archived[1], 400);
    await prune({});
    expect((await rememberedPayments())[0]).toHaveLength(3);
    await Promise.all([prune({ ordersMs: 30 * DAY_MS }), prune({ ordersMs: 30 * DAY_MS })]);
    // What one of them held, the other has left to the next pass.
    await prune({ ordersMs: 30 * DAY_MS });
    expect(await rememberedPayments()).toEqual([
      [open, archived[0]],
      [open, open, archived[0], archived[0]],
    ]);
    await prune({ ordersMs: 500 * DAY_MS });
    expect((await rememberedPayments())[0]).toHaveLength(2);
  });
});

const ages = [1, 20, 45, 400];
const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

const writeWebhook = (id: string, more: { received_at?: Date; order_id?: string; effect?: 'RECORDED' | null } = {}) =>
  owner.db
    .insertInto('payment_webhooks')
    .values({
      id,
      order_id: 'unknown',
      idempotency_key: id,
      outcome: 'captured',
      payment_id: 'p',
      amount_minor: 1,
      currency: 'EUR',
      effect: 'RECORDED',
      received_at: ago(400),
      ...more,
    })
    .execute();

const writeAll = async () => {
  for (const days of ages) {
    await sql`insert into audit_log (at, subject, roles, operation, path, request_id) values (${ago(days)}, ${days}, '{}', 'x', 'x', 'x')`.execute(
      owner.db,
    );
    await sql`insert into idempotency_keys (subject, key, body_hash, order_id, created_at) values ('shop', ${days}, 'x', ${randomUUID()}, ${ago(days)})`.execute(
      owner.db,
    );
    await sql`insert into command_keys (target, command_id, body_hash, created_at) values (${randomUUID()}, ${days}, 'x', ${ago(days)})`.execute(
      owner.db,
    );
    await writeWebhook(String(days), { received_at: ago(days) });
    const mail = { key: String(days), message_id: 'm', taken_until: ago(days), sent_at: days > 20 ? ago(days) : null };
    await owner.db.insertInto('sent_messages').values(mail).execute();
  }
};

const kept = async () => {
  const { rows } = await sql<{ name: string; age: string }>`
    select 'audit' as name, subject as age from audit_log union all select 'keys', key from idempotency_keys union all
    select 'commands', command_id from command_keys union all select 'webhooks', id from payment_webhooks union all select 'mails', key from sent_messages`.execute(
    owner.db,
  );
  return Map.groupBy(rows, ({ name }) => name);
};

const keptAges = async (name: string) =>
  (await kept())
    .get(name)
    ?.map(({ age }) => Number(age))
    .toSorted((a, b) => a - b) ?? [];

describe('rows past their retention', () => {
  test('are kept for good unless a setting says otherwise', async () => {
    await writeAll();
    await prune({});
    for (const name of ['audit', 'keys', 'commands', 'webhooks', 'mails']) expect(await keptAges(name)).toEqual(ages);
  });

  test('are removed, each table by its own setting', async () => {
    await writeAll();
    await prune({ auditMs: 90 * DAY_MS, idempotencyMs: 2 * DAY_MS, webhooksMs: 30 * DAY_MS, mailsMs: 10 * DAY_MS });
    expect(await keptAges('audit')).toEqual([1, 20, 45]);
    expect(await keptAges('keys')).toEqual([1]);
    expect(await keptAges('commands')).toEqual([1]);
    expect(await keptAges('webhooks')).toEqual([1, 20]);
    expect(await keptAges('mails')).toEqual([1]);
  });

  test('of the audit log stay for thirty days, whatever is asked', async () => {
    await writeAll();
    await prune({ auditMs: 0 });
    expect(await keptAges('audit')).toEqual([1, 20]);
    await expect(sql`delete from audit_log`.execute(product.db)).rejects.toThrow('permission denied');
  });

  test('stay while they are needed: keys of an open import, messages of open orders, messages that are not handled', async () => {
    await writeAll();
    await sql`insert into imports (id, kind, status, subject, roles, actor, created_at) values (${randomUUID()}, 'csv', 'PAUSED', 's', '{}', 'a', ${ago(30)})`.execute(
      owner.db,
    );
    await writeWebhook('501', { order_id: await closedOrder('CONFIRMED', 500) });
    await writeWebhook('502', { order_id: await closedOrder('CANCELLED', 500) });
    await writeWebhook('503', { effect: null });
    await prune({ idempotencyMs: DAY_MS, webhooksMs: 2 * DAY_MS });
    expect(await keptAges('keys')).toEqual([1, 20]);
    expect(await keptAges('webhooks')).toEqual([1, 501, 503]);
  });

  test('are removed by a regular pass in small statements, as many as its time allows', async () => {
    await sql`
      insert into audit_log (at, subject, roles, operation, path, request_id)
      select now() - interval '1 year', n, '{}', 'x', 'x', 'x' from generate_series(1, 2500) n`.execute(owner.db);
    await prune({ auditMs: 90 * DAY_MS }, false);
    expect(await keptAges('audit')).toEqual([]);
  });
});
