import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLogger } from '../../src/logger.ts';
import { reconcileImports } from '../../src/temporal/relay-imports.ts';
import { order, startApiRig, token, type ApiRig } from '../http/api-rig.ts';
import { eventually } from '../setup/eventually.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig();
});
afterAll(() => rig.stop());

const silent = createLogger({ level: 'silent', format: 'json' }, 'test');

const file = 'order,sku,qty,price,customer\nA-1,MUG,2,12.50,alice\nA-2,MUG,1,12.50,alice\nA-1,PENNY,3,,alice\n';

function upload(body: string, { query = '', as = 'service', sub = 'shop', type = 'text/csv', key = '' } = {}) {
  return rig.request('POST', `/api/v1/imports${query}`, {
    as: as as 'service',
    sub,
    body,
    headers: { 'content-type': type, ...(key !== '' && { 'idempotency-key': key }) },
  });
}

async function staged(): Promise<{ imports: number; rows: number }> {
  const { db } = rig.database;
  const count = async (table: 'imports' | 'import_rows') => {
    const row = await db
      .selectFrom(table)
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    return row.n;
  };
  return { imports: await count('imports'), rows: await count('import_rows') };
}

test('a file is registered as the orders of its lines, and its Location is answered', async () => {
  const { status, headers, body } = await upload(file, { query: '?file_name=a.csv&currency=EUR' });
  expect([status, headers.get('location')]).toEqual([202, `/api/v1/imports/${body.id}`]);
  expect(body).toMatchObject({
    kind: 'csv',
    status: 'RUNNING',
    file_name: 'a.csv',
    rows: 3,
    total: 2,
    pending: 2,
    error_count: 0,
    created_by: 'service:shop',
    completed_at: null,
  });
  const read = await rig.request('GET', `/api/v1/imports/${body.id}`, { as: 'service', sub: 'shop' });
  expect(read.body).toEqual(body);
});

test('an import is visible to its uploader and to administrators only', async () => {
  const { body } = await upload(file);
  for (const below of ['', '/errors']) {
    const path = `/api/v1/imports/${body.id}${below}`;
    const statuses = [
      await rig.request('GET', path, { as: 'service', sub: 'shop' }),
      await rig.request('GET', path, { as: 'admin', sub: 'root' }),
      await rig.request('GET', path, { as: 'service', sub: 'other' }),
      await rig.request('GET', path, { as: 'customer', sub: 'shop' }),
      await rig.request('GET', path, { as: 'support', sub: 'shop' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 404, 403, 403]);
  }
  expect((await rig.request('GET', '/api/v1/imports/nonsense', { as: 'admin' })).body.code).toBe('NOT_FOUND');
  expect((await upload(file, { as: 'customer' })).status).toBe(403);
});

test.each([
  ['nothing', '', {}, 400, /empty/],
  ['a header alone', 'order,sku,qty\n', {}, 400, /no rows/],
  ['no header', '1,2,3\n4,5,6\n', {}, 400, /order_reference.*Found: 1, 2, 3/],
  ['a missing column', 'order,qty\nA,1\n', {}, 400, /no column for sku.*Found: order, qty/],
  ['a column that is named and absent', file, { query: '?column.notes=Bemerkung' }, 400, /Bemerkung/],
  ['a quote that is never closed', 'order,sku,qty\nA,"MUG,1\n', {}, 400, /never closed/],
  ['a spreadsheet', 'PK\x03\x04 something', {}, 400, /save it as CSV/],
  ['a parameter that nobody knows', file, { query: '?colour=red' }, 400, /query/],
  ['an unknown currency', file, { query: '?currency=XXX' }, 400, /query/],
  ['JSON', '{}', { type: 'application/json' }, 415, /text\/csv/],
  ['an unknown charset', file, { type: 'text/csv; charset=ebcdic' }, 415, /ebcdic/],
])('%s is refused with a reason, and nothing is left of it', async (_name, body, options, status, message) => {
  const before = await staged();
  const answer = await upload(body, options);
  expect([answer.status, answer.body.code]).toEqual([status, 'VALIDATION']);
  expect(answer.body.detail).toMatch(message);
  expect(await staged()).toEqual(before);
});

test('a header without a required column is refused with what was found and what is expected', async () => {
  const { body } = await upload('Bestellung,Artikel\n1,2\n');
  expect(body.details).toEqual(
    expect.arrayContaining([
      { found: ['Bestellung', 'Artikel'] },
      { expected: expect.arrayContaining(['order_reference', 'sku', 'quantity']) },
    ]),
  );
  const named = '?column.order_reference=Bestellung&column.sku=Artikel&column.quantity=Menge';
  expect((await upload('Bestellung,Artikel,Menge\n1,MUG,1\n', { query: named })).status).toBe(202);
});

test('the same key and file are the same import, however often; another file under the key is refused', async () => {
  const before = (await staged()).imports;
  const answers = await Promise.all([1, 2, 3, 4].map(() => upload(file, { key: 'once' })));
  answers.push(await upload(file, { key: 'once' }));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await staged()).imports).toBe(before + 1);
  expect((await upload(`${file}A-3,MUG,1,,\n`, { key: 'once' })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect((await upload(file, { key: 'once', query: '?currency=EUR' })).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  const other = await upload(file, { key: 'once', sub: 'other' });
  expect(other.body.id).not.toBe(answers[0]?.body.id);
});

test('a body over 100 MB is refused with and without a Content-Length', async () => {
  const said = await upload(file, { key: '' }).then(() =>
    rig.request('POST', '/api/v1/imports', {
      as: 'service',
      body: file,
      headers: { 'content-type': 'text/csv', 'content-length': '104857601' },
    }),
  );
  expect(said.status).toBe(413);
  const before = await staged();
  const answer = await stream(function* () {
    yield Buffer.from('order,sku,qty,notes\n');
    const chunk = Buffer.from(`A,MUG,1,${'x'.repeat(49_000)}\n`.repeat(20));
    for (let sent = 0; sent <= 101 * 1024 * 1024; sent += chunk.length) yield chunk;
  });
  expect(answer.status).toBe(413);
  expect(await staged()).toEqual(before);
});

test('a large file is written as it arrives, in memory that does not grow with it', async () => {
  const rows = 200_000;
  // The program and the rows it writes at the moment fit into this heap; all rows of the file would take several times as much.
  const program = new URL('upload-in-process.ts', import.meta.url).pathname;
  const args = ['--max-old-space-size=48', program, rig.sandbox.databaseUrl, String(rows)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'RUNNING', rows, total: rows / 20 });
});

test('an upload that is cut off leaves no rows', async () => {
  const before = await staged();
  const answer = await stream(async function* () {
    yield Buffer.from(`order,sku,qty\n${'A-1,MUG,1\n'.repeat(50_000)}`);
    await eventually(async () => (await staged()).rows > before.rows);
    throw new Error('the connection is gone');
  });
  expect(answer.status).toBe(400);
  expect(await staged()).toEqual(before);
});

test('what a dead process left of an upload is removed, and imports stay', async () => {
  const { db } = rig.database;
  const kept = (await upload(file)).body.id as string;
  await stream(function* () {
    yield Buffer.from(file);
  });
  const left = (await upload(file)).body.id as string;
  await db
    .updateTable('imports')
    .set({ status: 'UPLOADING', touched_at: new Date(0) })
    .where('id', '=', left)
    .execute();
  expect((await rig.request('GET', `/api/v1/imports/${left}`, { as: 'admin' })).status).toBe(404);
  const { config, database } = rig;
  const nothing = new Proxy({}, {}) as never;
  await reconcileImports({ db: database.db, config, temporal: nothing, logger: silent });
  const ids = await db.selectFrom('imports').select('id').where('id', 'in', [kept, left]).execute();
  expect(ids).toEqual([{ id: kept }]);
});

test('a batch has at most a thousand orders', async () => {
  const orders = Array.from({ length: 1_001 }, (_, index) => ({
    ...order,
    customer_id: 'alice',
    order_reference: `b-${index}`,
  }));
  const { status, body } = await send(orders.slice(0, 1_000));
  expect([status, body.kind, body.rows, body.total, body.pending]).toEqual([202, 'batch', 1_000, 1_000, 1_000]);
  for (const count of [0, 1_001]) {
    const refused = await send(orders.slice(0, count));
    expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION']);
  }
});

test('a batch under the same key is the same import, whatever its orders hold', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => send([order], 'b')));
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect((await send([order, order], 'b')).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect((await send([{ nonsense: true }])).status).toBe(202);
  for (const bad of [
    { notes: 'a\0b' },
    { notes: '\ud800' },
    JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`),
    7,
  ]) {
    expect((await send([bad])).body.code).toBe('VALIDATION');
  }
});

function send(orders: unknown[], key?: string) {
  return rig.request('POST', '/api/v1/orders/batch', {
    as: 'service',
    body: { orders },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });
}

async function stream(chunks: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Response> {
  return rig.api.request('/api/v1/imports', {
    method: 'POST',
    headers: { authorization: `Bearer ${await token('shop', ['service'])}`, 'content-type': 'text/csv' },
    body: ReadableStream.from(chunks()),
    duplex: 'half',
  });
}

test('files that one sender never ends hold up nobody else', async () => {
  const never = { headers: { 'content-type': 'text/csv' }, method: 'POST', duplex: 'half' } as const;
  const authorization = `Bearer ${await token('slow', ['service'])}`;
  const cut: ReadableStreamDefaultController[] = [];
  const stuck = Array.from({ length: 8 }, async () =>
    rig.api.request('/api/v1/imports', {
      ...never,
      headers: { ...never.headers, authorization },
      body: new ReadableStream({ start: (controller) => void cut.push(controller) }),
    }),
  );
  expect((await upload(file, { sub: 'other' })).status).toBe(202);
  for (const controller of cut) controller.error(new Error('gone'));
  expect(new Set((await Promise.all(stuck)).map(({ status }) => status))).toEqual(new Set([400]));
});

test('imports are listed page by page, newest first: who sent which file, when, and what became of it', async () => {
  const list = async (query: string, { as = 'service', sub = 'lister' } = {}) =>
    rig.request('GET', `/api/v1/imports${query}`, { as: as as 'service', sub });
  const ids: string[] = [];
  for (const name of ['1.csv', '2.csv', '3.csv']) {
    const { body } = await upload(file, { query: `?file_name=${name}`, sub: 'lister' });
    ids.unshift(body.id);
  }
  const { body: first } = await list('?limit=2');
  expect(first.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
  expect(first.data[0]).toEqual((await rig.request('GET', `/api/v1/imports/${ids[0]}`, { as: 'admin' })).body);
  const { body: second } = await list(`?limit=2&cursor=${first.next_cursor}`);
  expect([second.data.map(({ file_name: name }: { file_name: string }) => name), second.next_cursor]).toEqual([
    ['1.csv'],
    null,
  ]);
  expect((await list(`?status=RUNNING&cursor=${first.next_cursor}`)).body.code).toBe('VALIDATION');
  expect((await list('?to=2020-01-01')).body.data).toEqual([]);
  expect((await list('?status=COMPLETED')).body.data).toEqual([]);
  expect((await list('?from=2020-01-01&status=RUNNING')).body.data).toHaveLength(3);
  expect((await list('', { sub: 'nobody' })).body.data).toEqual([]);
  expect((await list('?limit=3', { as: 'admin', sub: 'root' })).body.data).toMatchObject(ids.map((id) => ({ id })));
});
