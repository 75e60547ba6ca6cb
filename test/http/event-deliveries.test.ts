import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishOutbox } from '../../src/events/publish-outbox.ts';
import { emptyOutbox, logger, recordingSink, writeEvents } from '../events/outbox-rig.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
const refused = new Set<string>();
const sink = recordingSink(({ subjectId, payload }) => refused.has(subjectId) && payload['n'] === 1);

beforeAll(async () => {
  rig = await startApiRig();
});
beforeEach(async () => {
  await emptyOutbox(rig.database.db);
  refused.clear();
  sink.delivered.length = 0;
});
afterAll(() => rig.stop());

const publish = () =>
  publishOutbox({
    db: rig.database.db,
    sinks: [sink.source],
    rules: { maxAttempts: 1, onDeadLetter: 'hold' },
    logger,
  });

/** Two orders of three events, of each of which the second is a dead letter. */
async function twoDeadLetters(): Promise<readonly string[]> {
  const ids = await writeEvents(rig.database.db, { orders: 2, count: 3 });
  for (const id of ids) refused.add(id);
  await publish();
  refused.clear();
  return ids;
}

const asOperator = (method: string, path: string, body?: unknown) =>
  rig.request(method, `/api/v1${path}`, { as: 'operator', sub: 'olga', ...(body !== undefined && { body }) });

test('an operator lists dead letters and what waits behind them, by sink, state, order, type and time, page by page', async () => {
  const [first] = await twoDeadLetters();
  const { body: dead } = await asOperator('GET', '/events?state=DEAD');
  expect(dead.data).toHaveLength(2);
  expect(dead.data).toMatchObject([
    { sink: 'recorder', type: 'order.tested', is_held: false, attempts: 1, last_error: 'not to my taste' },
    { state: 'DEAD', next_attempt_at: null, delivered_at: null, data: { n: 1 } },
  ]);
  const { body: ofOrder } = await asOperator('GET', `/events?order_id=${first}&sink=recorder&type=order.tested`);
  expect(ofOrder.data.map(({ state, is_held: held }: Record<string, unknown>) => [state, held])).toEqual([
    ['PENDING', true],
    ['DEAD', false],
  ]);
  expect((await asOperator('GET', '/events?since=2999-01-01')).body.data).toEqual([]);
  expect((await asOperator('GET', '/events?sink=webhooks')).body.data).toEqual([]);

  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await asOperator('GET', `/events?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    seen.push(...body.data.map(({ event_id: id }: { event_id: string }) => id));
    cursor = body.next_cursor;
  }
  expect(seen).toHaveLength(4);
  expect(new Set(seen).size).toBe(4);
});

test('retrying a dead letter delivers it and then what waited behind it, in order, and is audited with its reason', async () => {
  const [first, second] = await twoDeadLetters();
  const { status, body } = await asOperator('POST', '/events/retry', { order_id: first, reason: 'receiver is mended' });
  expect([status, body]).toEqual([200, { events: 1, has_more: false }]);
  await publish();
  expect(sink.numbersOf(first!)).toEqual([0, 1, 2]);
  expect(sink.numbersOf(second!)).toEqual([0]);
  const { body: audit } = await rig.request('GET', '/api/v1/audit?actor=olga', { as: 'admin' });
  expect(audit.data[0]).toMatchObject({ operation: 'retryEvents', reason: 'receiver is mended', status: 200 });
});

test('a skipped dead letter is never delivered, and what waited behind it goes on', async () => {
  const ids = await twoDeadLetters();
  const { body } = await asOperator('POST', '/events/skip', { sink: 'recorder', reason: 'nobody needs it' });
  expect(body).toEqual({ events: 2, has_more: false });
  await publish();
  for (const id of ids) expect(sink.numbersOf(id)).toEqual([0, 2]);
  expect((await asOperator('GET', '/events?state=SKIPPED')).body.data).toHaveLength(2);
});

test('a dead letter says which order it is about by its number, and which endpoint did not take it by its name or host; a retry ends that endpoint’s pause', async () => {
  const { body: order } = await rig.place();
  const { db } = rig.database;
  for (const [n, description] of ['The warehouse', null].entries()) {
    const id = `01999a3e-5f1c-7c11-9f6e-2a40c1b1a00${n}`;
    const url = 'https://hooks:secret@warehouse.example.com:8443/orders?token=secret';
    // oxlint-disable-next-line no-await-in-loop
    await sql`
      insert into webhook_endpoints (id, url, event_types, description, secret)
      values (${id}, ${url}, '{order.confirmed}', ${description}, 'whsec_x')`.execute(db);
    // oxlint-disable-next-line no-await-in-loop
    await sql`
      insert into event_deliveries (sink, event_id, subject_id, position, type, state, attempts, last_error)
      select 'webhook:' || ${id}::text, max(id), subject_id, 1, 'order.confirmed', 'DEAD', 5, 'answered 500'
      from outbox where subject_id = ${order.id} group by subject_id`.execute(db);
  }
  const { body } = await asOperator('GET', '/events?state=DEAD&sink=webhooks');
  expect(body.data.map((one: Record<string, unknown>) => [one['order_number'], one['receiver']])).toEqual([
    [order.order_number, 'warehouse.example.com:8443'],
    [order.order_number, 'The warehouse'],
  ]);

  // An endpoint that pauses since it failed is tried at once as well.
  await sql`update webhook_endpoints set retry_at = now() + interval '1 hour'`.execute(db);
  const pausing = async () =>
    (await db.selectFrom('webhook_endpoints').where('retry_at', '>', new Date()).selectAll().execute()).length;
  const which = { order_id: order.id, sink: body.data[0].sink, reason: 'looked at' };
  expect((await asOperator('POST', '/events/skip', { ...which, type: 'order.tested' })).body.events).toBe(0);
  expect(await pausing()).toBe(2);
  expect((await asOperator('POST', '/events/retry', which)).body.events).toBe(1);
  expect(await pausing()).toBe(1);
  await sql`delete from event_deliveries where sink like 'webhook:%'`.execute(db);
  await sql`delete from webhook_endpoints`.execute(db);
});

test('a decision about everything, or without a reason, is refused', async () => {
  expect((await asOperator('POST', '/events/retry', { reason: 'x' })).status).toBe(400);
  expect((await asOperator('POST', '/events/skip', { sink: 'recorder' })).status).toBe(400);
});

test('the sinks are listed with what waits and what is dead', async () => {
  await twoDeadLetters();
  await writeEvents(rig.database.db, { orders: 1, count: 2 });
  const { body } = await asOperator('GET', '/events/sinks');
  expect(body.data).toMatchObject([
    { name: 'recorder', unpublished: 4, dead_letters: 2, failing_since: null, attempts: 0, last_error: null },
  ]);
});

test('a sink that is configured no more is forgotten with what it has not received, and none that a process serves', async () => {
  await twoDeadLetters();
  await writeEvents(rig.database.db, { orders: 1, count: 2 });
  const forget = (name: string) => asOperator('POST', '/events/forget-sink', { sink: name, reason: 'we left it' });
  const detailOf = async (name: string) => {
    const { status, body } = await forget(name);
    return [status, body.details?.[0]?.message];
  };
  expect(await detailOf('recorder')).toEqual([
    400,
    expect.stringMatching(/is configured with it, or was 30 seconds ago: remove its settings/),
  ]);
  expect(await detailOf('recordr')).toEqual([400, expect.stringMatching(/^no sink of this name is on record: /)]);
  expect(await detailOf('webhooks')).toEqual([400, expect.stringMatching(/remove the endpoints/)]);

  await sql`update event_sinks set updated_at = now() - interval '31 seconds'`.execute(rig.database.db);
  expect(await forget('recorder')).toMatchObject({ status: 200, body: { name: 'recorder', events: 4 } });
  expect((await asOperator('GET', '/events/sinks')).body.data).toEqual([]);
  const { body: skipped } = await asOperator('GET', '/events?state=SKIPPED');
  expect(skipped.data).toHaveLength(4);
  const { body: audit } = await rig.request('GET', '/api/v1/audit?actor=olga', { as: 'admin' });
  expect(audit.data[0]).toMatchObject({ operation: 'forgetEventSink', reason: 'we left it', status: 200 });
});
