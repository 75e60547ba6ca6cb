import { sql } from 'kysely';
import { decodeJwt } from 'jose';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { listen } from '../../src/http/listen.ts';
import { eventSchemas, isEventType } from '../../src/events/catalogue/catalogue.ts';
import { orderStreamEventSchema } from '../../src/http/schemas/order-event-schema.ts';
import { orderSchema } from '../../src/http/schemas/order-schema.ts';
import { createOrderFeed } from '../../src/events/order-feed.ts';
import { freePort } from '../../dev/local/free-port.ts';
import { publishOutbox } from '../../src/events/publish-outbox.ts';
import { acceptOrder } from '../../src/repositories/accept-order.ts';
import { recordStepAttempt } from '../../src/repositories/saga-steps.ts';
import { transitionOrder } from '../../src/repositories/transition-order.ts';
import { orderIn, someOrder, transitionTo, writeSaga } from '../repositories/orders.ts';
import { eventually } from '../setup/eventually.ts';
import { startApiRig, token, type ApiRig } from './api-rig.ts';
import { openEventStream, type StreamClient } from './event-stream-client.ts';

let rig: ApiRig;
let server: Awaited<ReturnType<typeof listen>>;
let port: number;
let alice: string;
const clients: StreamClient[] = [];

beforeAll(async () => {
  rig = await startApiRig();
  port = await freePort();
  server = await listen(rig.api, { host: '127.0.0.1', port });
  alice = await token('alice', ['customer']);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.leave();
  await eventually(() => rig.feed.countSubscribers() === 0);
});
afterAll(async () => {
  await Promise.all([rig.stop(), server.close(1_000)]);
});

/** Follows an order, until the end of the test. */
async function open(orderId: string, lastEventId?: string, bearer = alice): Promise<StreamClient> {
  const client = await openEventStream(`http://127.0.0.1:${port}/api/v1/orders/${orderId}/events`, bearer, lastEventId);
  clients.push(client);
  if (client.status === 200) await eventually(() => client.text() !== '');
  return client;
}

async function placed(): Promise<string> {
  const order = someOrder();
  await acceptOrder(rig.database.db, order, null);
  return order.id;
}

/** Moves an order as an activity would: the announcement follows the commit. */
async function move(orderId: string, ...way: Parameters<typeof transitionTo>[1][]): Promise<void> {
  for (const to of way) {
    const { applied } = await transitionOrder(rig.database.db, transitionTo(orderId, to));
    expect(applied).toBe(true);
    rig.announcer.announce(orderId);
  }
}

test('a customer follows a bounded number of orders at a time, and staff follow those of many', async () => {
  const id = await placed();
  for (let n = 0; n < 20; n += 1) expect((await open(id)).status).toBe(200);
  const refused = await open(id);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '15']);
  expect((await open(id, undefined, await token('sam', ['support']))).status).toBe(200);
  clients.shift()?.leave();
  await eventually(async () => (await open(id)).status === 200);
});

const names = ({ events }: StreamClient) => events.map(({ event }) => event);
/** Waits until a client has heard so many events, and says which. */
const heard = (client: StreamClient, count: number) => eventually(() => client.events.length >= count && names(client));

test('a stream begins with the order as it stands and continues with every change in sequence', async () => {
  const id = await placed();
  const { body: atFirst } = await rig.request('GET', `/api/v1/orders/${id}`);
  const client = await open(id);
  expect(await heard(client, 1)).toEqual(['order.snapshot']);
  await move(id, 'CONFIRMED', 'PROCESSING');
  expect(await heard(client, 3)).toEqual(['order.snapshot', 'order.confirmed', 'order.processing']);

  const [snapshot, confirmed, processing] = client.events;
  expect(snapshot?.data).toEqual(atFirst);
  expect(confirmed?.data).toMatchObject({
    order_id: id,
    from: 'PENDING',
    status: 'CONFIRMED',
    version: 2,
    payment_status: 'PENDING',
    saga_state: 'RUNNING',
    actor: 'test',
    occurred_at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  const ids = [snapshot, confirmed, processing].map((event) => Number(event?.id));
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  expect(client.headers.get('content-type')).toBe('text/event-stream');
  expect(client.headers.get('cache-control')).toBe('no-store');
});

test('a change that is no change of status is an event as well', async () => {
  const id = await placed();
  const client = await open(id);
  const { db } = rig.database;
  await recordStepAttempt(db, { orderId: id, step: 'chargePayment', state: 'RUNNING', paymentStatus: 'QUEUED' });
  await recordStepAttempt(db, { orderId: id, step: 'chargePayment', state: 'RUNNING', paymentStatus: 'QUEUED' });
  await writeSaga(db, { orderId: id, sagaState: 'NEEDS_ATTENTION', steps: [] });
  rig.announcer.announce(id);
  expect(await heard(client, 3)).toEqual(['order.snapshot', 'order.updated', 'order.updated']);
  expect(client.events.slice(1).map(({ data }) => [data.payment_status, data.saga_state, data.version])).toEqual([
    ['QUEUED', 'RUNNING', 2],
    ['QUEUED', 'NEEDS_ATTENTION', 3],
  ]);
});

test('an edit by anybody is told by itself', async () => {
  const id = await placed();
  const client = await open(id);
  await rig.request('PATCH', `/api/v1/orders/${id}`, { as: 'support', body: { notes: 'ring twice' } });
  expect(await heard(client, 2)).toEqual(['order.snapshot', 'order.edited']);
  expect(client.events[1]?.data).toMatchObject({ status: 'PENDING', saga_state: 'RUNNING', actor: 'support:alice' });
});

test('every event holds what the document says of it', async () => {
  const id = await placed();
  const client = await open(id);
  await rig.request('PATCH', `/api/v1/orders/${id}`, { as: 'support', body: { notes: 'ring twice' } });
  await writeSaga(rig.database.db, { orderId: id, sagaState: 'COMPENSATING', steps: [] });
  await transitionOrder(rig.database.db, transitionTo(id, 'CANCELLED', { sagaState: 'COMPENSATED' }));
  rig.announcer.announce(id);
  await client.ended;
  const told = client.events.map(({ id: eventId, event, data }) =>
    orderStreamEventSchema.parse({ id: eventId, event, data: JSON.stringify(data) }),
  );
  expect(told.map(({ event }) => event)).toEqual([
    'order.snapshot',
    'order.edited',
    'order.updated',
    'order.cancelled',
    'end',
  ]);
  orderSchema.parse(client.events[0]?.data);
  for (const { event, data } of client.events.slice(1, -1)) {
    expect(isEventType(event) && eventSchemas[event].parse(data)).toEqual(data);
  }
});

test('a client that reconnects with its last event id gets what it missed, nothing twice and no snapshot', async () => {
  const id = await placed();
  const first = await open(id);
  await move(id, 'CONFIRMED');
  expect(await heard(first, 2)).toEqual(['order.snapshot', 'order.confirmed']);
  first.leave();
  await move(id, 'PROCESSING', 'SHIPPED');
  const second = await open(id, first.events[1]?.id);
  expect(await heard(second, 2)).toEqual(['order.processing', 'order.shipped']);
  await move(id, 'DELIVERED');
  expect(await heard(second, 3)).toEqual(['order.processing', 'order.shipped', 'order.delivered']);
});

test('a client that reconnects after its events were deleted gets a snapshot', async () => {
  const id = await orderIn(rig.database.db, 'PROCESSING');
  const { rows } = await sql<{ id: number }>`delete from outbox where subject_id = ${id} returning id`.execute(
    rig.database.db,
  );
  const client = await open(id, String(rows[0]?.id));
  expect(await heard(client, 1)).toEqual(['order.snapshot']);
  expect(client.events[0]?.data.status).toBe('PROCESSING');
  await move(id, 'SHIPPED');
  expect(await heard(client, 2)).toEqual(['order.snapshot', 'order.shipped']);
});

test.each(['x', '-1', '1.5', '9'.repeat(20)])('the last id %s is refused', async (lastEventId) => {
  const { status, body } = await rig.request('GET', `/api/v1/orders/${await placed()}/events`, {
    headers: { 'Last-Event-ID': lastEventId },
  });
  expect([status, body.code, body.details[0].header]).toEqual([400, 'VALIDATION', 'Last-Event-ID']);
});

describe('a final order', () => {
  test('ends its stream, and a client that reconnects is told not to', async () => {
    const id = await placed();
    const client = await open(id);
    const { db } = rig.database;
    await transitionOrder(db, transitionTo(id, 'CANCELLED', { sagaState: 'COMPENSATED' }));
    rig.announcer.announce(id);
    await client.ended;
    expect(names(client)).toEqual(['order.snapshot', 'order.cancelled', 'end']);
    expect((await open(id, client.events.at(-1)?.id)).status).toBe(204);
  });

  test('is shown to a late client, and then its stream ends', async () => {
    const id = await orderIn(rig.database.db, 'PROCESSING');
    await transitionOrder(rig.database.db, transitionTo(id, 'CANCELLED', { sagaState: 'COMPENSATED' }));
    const late = await open(id);
    await late.ended;
    expect(names(late)).toEqual(['order.snapshot', 'end']);
    expect((await open(id, late.events.at(-1)?.id)).status).toBe(204);
    const { rows } = await sql<{
      id: string;
    }>`select id::text from outbox where subject_id = ${id} order by outbox.id`.execute(rig.database.db);
    const behind = await open(id, rows[0]?.id);
    await behind.ended;
    expect(names(behind)).toEqual(['order.confirmed', 'order.processing', 'order.cancelled', 'end']);
  });
});

test('a cut listening connection is repaired, and what happened meanwhile arrives without an announcement', async () => {
  const id = await placed();
  const client = await open(id);
  const { db } = rig.database;
  await sql`
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and application_name = 'order-saga-listener'`.execute(db);
  await transitionOrder(db, transitionTo(id, 'CONFIRMED'));
  expect(await heard(client, 2)).toEqual(['order.snapshot', 'order.confirmed']);
});

test('a change whose writer died before it was announced arrives when it is published', async () => {
  const id = await placed();
  const client = await open(id);
  const { db } = rig.database;
  await transitionOrder(db, transitionTo(id, 'CONFIRMED'));
  await publishOutbox({
    db,
    sinks: [],
    rules: { maxAttempts: 1, onDeadLetter: 'hold' },
    logger: pino({ level: 'silent' }),
  });
  expect(await heard(client, 2)).toEqual(['order.snapshot', 'order.confirmed']);
});

test('a stream ends with its token', async () => {
  const id = await placed();
  const expiring = await token('alice', ['customer'], '1h');
  const { exp = 0 } = decodeJwt(expiring);
  // The last moment of the token, however long the request takes; the stream's own clock goes on.
  vi.useFakeTimers({ toFake: ['Date'], now: exp * 1_000 - 100 });
  const client = await open(id, undefined, expiring);
  expect(client.status).toBe(200);
  await client.ended;
  vi.useRealTimers();
  expect(names(client)).toEqual(['order.snapshot']);
});

test('HEAD opens no stream, and a client that leaves is unsubscribed', async () => {
  const id = await placed();
  const { status } = await rig.request('HEAD', `/api/v1/orders/${id}/events`);
  expect([status, rig.feed.countSubscribers()]).toEqual([200, 0]);
  const client = await open(id);
  expect(rig.feed.countSubscribers()).toBe(1);
  client.leave();
  await eventually(() => expect(rig.feed.countSubscribers()).toBe(0));
});

const unheard = { hold: () => () => {}, renew: () => {} };

test('an API that stops ends its streams, and takes no new ones', async () => {
  const feed = createOrderFeed(rig.database.db, { watch: () => unheard }, pino({ level: 'silent' }));
  let ended = 0;
  const subscriber = { deliver: () => {}, end: () => (ended += 1) };
  feed.subscribe('a', subscriber);
  feed.subscribe('b', subscriber);
  feed.close();
  feed.subscribe('a', subscriber);
  expect(ended).toBe(3);
});

test('hundreds of clients at once hear of a change by one connection and one read', async () => {
  const crowd = 300;
  const ids = await Promise.all(Array.from({ length: crowd }, placed));
  // Staff: a customer follows a few.
  const sam = await token('sam', ['support']);
  const opened = await Promise.all(ids.map((id) => open(id, undefined, sam)));
  expect(opened.map(({ status }) => status)).toEqual(Array.from({ length: crowd }, () => 200));
  const listeners = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'order-saga-listener'`.execute(rig.database.db);
  expect(listeners.rows[0]?.count).toBe(1);

  const before = rig.database.statements();
  const writers = ids.values();
  const write = async () => {
    for (const id of writers) {
      await transitionOrder(rig.database.db, transitionTo(id, 'CONFIRMED'));
      rig.announcer.announce(id);
    }
  };
  await Promise.all([write(), write()]);
  await eventually(() => expect(opened.filter(({ events }) => events.length < 2)).toEqual([]));
  // Each change is one statement; reading them never takes more than that again.
  expect(rig.database.statements() - before).toBeLessThanOrEqual(2 * crowd);
});
