import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putConfiguredEndpoint, releaseConfiguredEndpoint } from '../../src/repositories/configured-endpoint.ts';
import { createSigningSecret } from '../../src/webhook-signature.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({ settings: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
});
afterAll(async () => {
  // What was written here tells of no order.
  await rig.database.db.deleteFrom('outbox').execute();
  await rig.stop();
});

const call = (method: string, below = '', body?: unknown) =>
  rig.request(method, `/api/v1/webhook-endpoints${below}`, { as: 'admin', ...(body !== undefined && { body }) });

const asked = { url: 'http://127.0.0.1:9/events', event_types: ['order.*'], description: 'the warehouse' };

const make = async (body: object = {}) => (await call('POST', '', { ...asked, ...body })).body;

/** Writes an event and its delivery to the endpoint. */
async function deliver(endpointId: string, { isKept = true, state = 'DELIVERED', type = 'order.created' } = {}) {
  const { db } = rig.database;
  const order = uuidv7();
  const { rows } = await sql<{ id: number }>`
    insert into outbox (subject_id, type, payload, position, sequenced_at)
    select ${order}, ${type}, '{}', coalesce(max(position), 0) + 1, now() from outbox returning id`.execute(db);
  const id = rows[0]!.id;
  await sql`
    insert into event_deliveries (sink, event_id, subject_id, position, type, state, attempts, last_attempt_at, duration_ms, response_status)
    values (${`webhook:${endpointId}`}, ${id}, ${order}, ${id}, ${type}, ${state}, 3, now(), 12, 204)`.execute(db);
  if (!isKept) await sql`delete from outbox where id = ${id}`.execute(db);
  return { id: String(id), order };
}

test('an endpoint is made, and its secret is shown once', async () => {
  const { status, body } = await call('POST', '', asked);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    ...asked,
    enabled: true,
    configured: false,
    state: 'ACTIVE',
    previous_secret_until: null,
  });
  expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  const read = await call('GET', `/${body.id}`);
  expect(read.status).toBe(200);
  const { secret, ...rest } = body;
  expect(read.body).toEqual(rest);
  expect(JSON.stringify((await call('GET')).body)).not.toContain(secret);
});

test('endpoints are listed page by page, the oldest first', async () => {
  for (const n of [1, 2, 3]) await make({ description: `page ${n}` });
  const listed: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { status, body } = await call('GET', `?limit=2${cursor && `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    listed.push(...body.data.map((one: { description: string }) => one.description));
    cursor = body.next_cursor;
  }
  expect(listed.filter((description) => description.startsWith('page '))).toEqual(['page 1', 'page 2', 'page 3']);
});

test.each([
  [{ url: 'ftp://shop.example.com/' }, '/url'],
  [{ url: 'http://user:secret@127.0.0.1/' }, '/url'],
  [{ url: 'http://169.254.169.254/latest/meta-data' }, '/url'],
  [{ url: 'http://[::ffff:169.254.169.254]/' }, '/url'],
  [{ event_types: [] }, '/event_types'],
  [{ event_types: ['order.unheard_of'] }, '/event_types/0'],
  [{ event_types: ['*.created'] }, '/event_types/0'],
  [{ secret: 'whsec_mine' }, '/secret'],
])('%j is refused', async (body, pointer) => {
  const answer = await call('POST', '', { ...asked, ...body });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ code: 'VALIDATION', details: [{ pointer }] });
});

describe('an endpoint', () => {
  test('is changed, and disabled and enabled', async () => {
    const { id } = await make();
    const changes = { url: 'http://127.0.0.1:10/', event_types: ['payment.*', 'order.shipped'], description: null };
    const changed = await call('PATCH', `/${id}`, changes);
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject(changes);
    expect((await call('PATCH', `/${id}`, { enabled: false })).body).toMatchObject({
      ...changes,
      state: 'DISABLED',
      disabled_reason: 'BY_HAND',
    });
    expect((await call('PATCH', `/${id}`, { enabled: true })).body).toMatchObject({
      state: 'ACTIVE',
      disabled_reason: null,
      disabled_at: null,
    });
    expect((await call('PATCH', `/${id}`, { url: 'http://169.254.1.1/' })).status).toBe(400);
    expect((await call('PATCH', `/${id}`, {})).status).toBe(400);
  });

  test('gets a new secret, and keeps the one before for a while', async () => {
    const made = await make();
    const { status, body } = await call('POST', `/${made.id}/rotate-secret`);
    expect(status).toBe(200);
    expect(body.secret).toMatch(/^whsec_/);
    expect(body.secret).not.toBe(made.secret);
    const hours = (Date.parse(body.previous_secret_until) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThanOrEqual(24.1);
  });

  test('is removed with its log', async () => {
    const { id, secret: _, ...rest } = await make();
    await deliver(id);
    const removed = await call('DELETE', `/${id}`);
    expect(removed).toMatchObject({ status: 200, body: { id, ...rest } });
    expect((await call('GET', `/${id}`)).status).toBe(404);
    const left = await rig.database.db
      .selectFrom('event_deliveries')
      .where('sink', '=', `webhook:${id}`)
      .selectAll()
      .execute();
    expect(left).toEqual([]);
  });
});

test.each([
  ['GET', '', undefined],
  ['PATCH', '', { enabled: true }],
  ['DELETE', '', undefined],
  ['POST', '/rotate-secret', undefined],
  ['GET', '/deliveries', undefined],
  ['POST', '/deliveries/1/redeliver', undefined],
  ['POST', '/redeliver', { since: '2026-11-01' }],
])('%s of an endpoint that is not there%s is 404', async (method, below, body) => {
  for (const id of [uuidv7(), 'x']) {
    expect(await call(method, `/${id}${below}`, body)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  }
});

const configured = async () =>
  (await call('GET', '?limit=200')).body.data.find((one: { url: string }) => one.url.endsWith('/configured'));
const put = (secret: string, url = 'http://127.0.0.1:9/configured') =>
  putConfiguredEndpoint(rig.database.db, { url, secret }, 60_000);

describe('the endpoint of the settings', () => {
  test('is made once, follows the settings, and can only be enabled and disabled here', async () => {
    const secret = createSigningSecret();
    await Promise.all([put(secret), put(secret), put(secret)]);
    const endpoint = await configured();
    expect(endpoint).toMatchObject({ configured: true, event_types: ['*'], previous_secret_until: null });
    await put(createSigningSecret());
    expect(await configured()).toMatchObject({ id: endpoint.id, previous_secret_until: expect.any(String) });

    for (const [method, below, body] of [
      ['PATCH', '', { description: 'mine' }],
      ['DELETE', '', undefined],
      ['POST', '/rotate-secret', undefined],
    ] as const) {
      const refused = await call(method, `/${endpoint.id}${below}`, body);
      expect(refused).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN', detail: expect.stringContaining('EVENTS_URL') },
      });
    }
    expect((await call('PATCH', `/${endpoint.id}`, { enabled: false })).body).toMatchObject({ state: 'DISABLED' });
    expect((await call('PATCH', `/${endpoint.id}`, { enabled: true })).body).toMatchObject({ state: 'ACTIVE' });
  });

  test('signs with the secret of the settings when the one on record was encrypted with a key that is lost', async () => {
    const secret = createSigningSecret();
    await put(secret);
    const { id } = await configured();
    const { db } = rig.database;
    const row = () =>
      db.selectFrom('webhook_endpoints').select('secret').where('id', '=', id).executeTakeFirstOrThrow();
    await db.updateTable('webhook_endpoints').set({ secret: 'enc:lost:AAAA' }).where('id', '=', id).execute();
    await put(secret);
    expect(await row()).toEqual({ secret });
    expect(await configured()).toMatchObject({ id, previous_secret_until: null });
  });

  test('is disabled when the settings no longer name it, and taken again when they do', async () => {
    await releaseConfiguredEndpoint(rig.database.db);
    const released = await configured();
    expect(released).toMatchObject({ configured: false, state: 'DISABLED', disabled_reason: 'NOT_CONFIGURED' });
    await put(createSigningSecret());
    expect(await configured()).toMatchObject({ id: released.id, configured: true, state: 'ACTIVE' });
  });
});

describe('the log of deliveries', () => {
  test('shows each with what came of it, newest first, page by page and by filter', async () => {
    const { id } = await make();
    const first = await deliver(id, { state: 'DEAD' });
    const second = await deliver(id, { type: 'order.confirmed' });
    const third = await deliver(id);
    const page = (query: string) => call('GET', `/${id}/deliveries${query}`);
    const { body } = await page('?limit=2');
    expect(body.data.map((one: { event_id: string }) => one.event_id)).toEqual([third.id, second.id]);
    expect(body.data[0]).toMatchObject({
      order_id: third.order,
      state: 'DELIVERED',
      attempts: 3,
      response_status: 204,
      duration_ms: 12,
    });
    const next = await page(`?limit=2&cursor=${body.next_cursor}`);
    expect(next.body).toMatchObject({ data: [{ event_id: first.id }], next_cursor: null });
    expect((await page('?state=DEAD')).body.data).toMatchObject([{ event_id: first.id }]);
    expect((await page('?type=order.confirmed')).body.data).toMatchObject([{ event_id: second.id }]);
    expect((await page(`?order_id=${third.order}`)).body.data).toMatchObject([{ event_id: third.id }]);
    expect((await page('?cursor=x')).status).toBe(400);
  });

  test('has one delivery made again, and says when its event is no longer kept', async () => {
    const { id } = await make();
    const kept = await deliver(id);
    const again = await call('POST', `/${id}/deliveries/${kept.id}/redeliver`);
    expect(again).toMatchObject({
      status: 202,
      body: { event_id: kept.id, state: 'PENDING', attempts: 0, delivered_at: null },
    });
    const gone = await deliver(id, { isKept: false });
    const refused = await call('POST', `/${id}/deliveries/${gone.id}/redeliver`);
    expect(refused).toMatchObject({ status: 404, body: { detail: expect.stringContaining('OUTBOX_RETENTION') } });
    for (const unknown of ['999999999', 'x']) {
      expect((await call('POST', `/${id}/deliveries/${unknown}/redeliver`)).status).toBe(404);
    }
  });

  test('has all deliveries since a time made again', async () => {
    const { id } = await make();
    const old = await deliver(id);
    await sql`update event_deliveries set created_at = now() - interval '2 days' where event_id = ${old.id}`.execute(
      rig.database.db,
    );
    const young = [await deliver(id), await deliver(id, { state: 'DEAD' })];
    await deliver(id, { isKept: false });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    expect(await call('POST', `/${id}/redeliver`, { since })).toMatchObject({
      status: 202,
      body: { redelivered: 2, gone: 1 },
    });
    const pending = await call('GET', `/${id}/deliveries?state=PENDING`);
    expect(pending.body.data.map((one: { event_id: string }) => one.event_id)).toEqual(
      young.map((one) => one.id).toReversed(),
    );
    expect((await call('POST', `/${id}/redeliver`, { since: 'yesterday' })).status).toBe(400);
  });
});
