import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_NOTES } from '../../src/orders/add-note.ts';
import { startApiRig, type ApiRig } from './api-rig.ts';

let rig: ApiRig;
let path: string;

beforeAll(async () => {
  rig = await startApiRig();
  path = `/api/v1/orders/${(await rig.place()).body.id}`;
});
afterAll(() => rig.stop());

const SECRET = 'Called twice; a difficult customer.';
const add = (text: string, headers: Record<string, string> = {}) =>
  rig.request('POST', `${path}/notes`, { as: 'support', sub: 'sam', body: { text }, headers });
const events = () =>
  rig.database.db.selectFrom('outbox').select('id').where('subject_id', '=', path.slice(-36)).execute();

test('a note is read by staff alone: no answer to a customer, no event and no version tells of it', async () => {
  const [before, told] = [await rig.request('GET', path), await events()];
  const { status, body } = await add(SECRET);
  expect([status, body.author, body.text]).toEqual([201, 'support:sam', SECRET]);
  const listed = await rig.request('GET', `${path}/notes`, { as: 'operator' });
  expect(listed.body).toEqual({ data: [body], next_cursor: null });
  for (const of of ['', '/history', '/items', '/payments', '/shipments']) {
    const seen = await rig.request('GET', path + of);
    expect([seen.status, JSON.stringify(seen.body)]).toEqual([200, expect.not.stringContaining(SECRET)]);
  }
  expect((await rig.request('GET', path)).headers.get('etag')).toBe(before.headers.get('etag'));
  expect(await events()).toEqual(told);
});

test('a note that is sent twice under one key is written once, and its key takes no other', async () => {
  const key = { 'Idempotency-Key': 'note-1' };
  const [first, second] = [await add('deliver after six', key), await add('deliver after six', key)];
  expect([first.status, second.status, second.body.id]).toEqual([201, 201, first.body.id]);
  expect((await add('deliver before six', key)).status).toBe(422);
});

test.each([
  ['is empty', ''],
  ['is blank', ' \n '],
  ['is too long', 'x'.repeat(4_001)],
  ['holds a card number', 'card 4000 0566 5566 5556'],
  ['holds control characters', 'a\u0007b'],
])('a note that %s is refused', async (_, text) => {
  const { status, body } = await add(text);
  expect([status, body.code, body.details[0].pointer]).toEqual([400, 'VALIDATION', '/text']);
});

test('an order has no more notes than its bound', async () => {
  const id = path.slice(-36);
  await sql`
    insert into order_notes (id, order_id, note_key, text, author)
    select gen_random_uuid(), ${id}::uuid, 'seed:' || n, 'x', 'test' from generate_series(1, ${MAX_NOTES}::int) n`.execute(
    rig.database.db,
  );
  const { status, body } = await add('one more');
  expect([status, body.code]).toEqual([400, 'VALIDATION']);
  expect(body.message).toContain(`${MAX_NOTES} notes`);
});
