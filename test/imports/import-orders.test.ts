import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { reconcileImports, relayImports } from '../../src/temporal/relay-imports.ts';
import { registerImportOf } from '../histories/scenarios.ts';
import { eventually } from '../setup/eventually.ts';
import { startImportRig, teapots, type ImportRig } from './import-rig.ts';

// Hundreds of orders run through every part of the system: a busy machine takes minutes for that.
vi.setConfig({ testTimeout: 400_000 });

let rig: ImportRig;

beforeAll(async () => {
  rig = await startImportRig({ IMPORT_IN_FLIGHT: '8', ORDER_WAIT: '30s' });
  await rig.product('GONE', 0);
});

beforeEach(async () => {
  await rig.noFaults();
});

afterAll(async () => {
  await rig.stopImports();
});

const mixed = [
  'InvoiceNo,StockCode,Description,Quantity,UnitPrice,PaymentMethod,notes',
  'M-1,TEAPOT,first line,1,12.50,,',
  'M-2,TEAPOT,,-1,12.50,,=1+1',
  'M-1,TEAPOT,second line,2,12.50,,',
  'M-3,GONE,,1,12.50,,',
  'M-4,TEAPOT,,1,12.50,tok_declined,',
  'M-5,NOWHERE,,1,12.50,,',
  'M-5,TEAPOT,,1,12.50,,',
  'M-6,TEAPOT,,1,12.50,,',
  ',TEAPOT,,1,12.50,,',
  '',
].join('\n');

test('an import places what can be placed, and tells for each other row why it failed', async () => {
  const id = await rig.upload(mixed);
  const ended = await rig.ends(id);
  expect(ended).toMatchObject({
    status: 'COMPLETED',
    rows: 9,
    total: 7,
    confirmed: 1,
    failed: 6,
    placed: 3,
    error_count: 7,
  });
  const { rows } = await rig.errors(id);
  const orderId = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(
    rows.map(({ InvoiceNo, error_code, error_line, error_order_id }) => [
      InvoiceNo,
      error_code,
      error_line,
      error_order_id,
    ]),
  ).toEqual([
    ['M-2', 'VALIDATION', '3', ''],
    ['M-3', 'ORD002', '5', orderId],
    ['M-4', 'ORD003', '6', orderId],
    ['M-5', 'VALIDATION', '7', ''],
    ['M-5', 'VALIDATION', '8', ''],
    ['M-6', 'VALIDATION', '9', ''],
    ['', 'VALIDATION', '10', ''],
  ]);
  expect(rows.map(({ error_message }) => error_message)).toEqual([
    expect.stringMatching(/^quantity: must be at least 1$/),
    expect.stringMatching(/GONE: 1 wanted, 0 available/),
    expect.stringMatching(/declined/),
    expect.stringMatching(/sku: is not in the catalogue/),
    expect.stringMatching(/Another line/),
    expect.stringMatching(/line 10 has no order reference and may belong to this order/),
    expect.stringMatching(/order_reference: is empty/),
  ]);
  expect(rows[0]?.['notes']).toBe("'=1+1");
  const [confirmed] = (await rig.ordersOf(id)).filter(({ status }) => status === 'CONFIRMED');
  expect(confirmed?.metadata).toEqual({ order_reference: 'M-1' });
  const listed = await rig.request('GET', `/orders?batch_id=${id}`);
  expect(listed.body.data.every((order: { batch_id: string }) => order.batch_id === id)).toBe(true);
  await rig.replayImport(id);
});

test('the repaired errors of an import place the missing orders and double none', async () => {
  const first = await rig.upload(mixed.replaceAll('M-', 'R-'));
  await rig.ends(first);
  const { text } = await rig.errors(first);
  // One more of what is gone, the quantity put right, and the rest as it came.
  await rig.product('GONE', 1);
  const repaired = text
    .replace('R-2,TEAPOT,,-1', 'R-2,TEAPOT,,1')
    .replace('R-5,NOWHERE', 'R-5,TEAPOT')
    .replace(/^,TEAPOT/m, 'R-6,TEAPOT');
  const second = await rig.upload(repaired);
  expect(await rig.ends(second)).toMatchObject({ total: 5, confirmed: 4, failed: 1, repeated: 0 });
  const again = await rig.errors(second);
  expect(again.rows.map(({ InvoiceNo, error_code }) => [InvoiceNo, error_code])).toEqual([['R-4', 'ORD003']]);
  expect(again.text.split('\n')[0]).toBe(text.split('\n')[0]);
  const notes = await rig.db
    .selectFrom('orders')
    .select('notes')
    .where('notes', 'is not', null)
    .where('batch_id', '=', second)
    .execute();
  expect(notes).toEqual([{ notes: '=1+1' }]);
  await rig.product('GONE', 0);
});

test('a file sent twice doubles no order; the same references of another owner are other orders', async () => {
  const file = teapots('T', 10);
  const first = await rig.upload(file);
  expect(await rig.ends(first)).toMatchObject({ confirmed: 10 });
  const second = await rig.upload(file);
  expect(await rig.ends(second)).toMatchObject({ confirmed: 0, repeated: 10, placed: 0, error_count: 0 });
  expect(await rig.ordersOf(second)).toEqual([]);
  const other = await rig.upload(file, '', 'other');
  expect(await rig.ends(other, 'other')).toMatchObject({ confirmed: 10, repeated: 0 });
});

test('the same reference with other contents is refused unless its order failed', async () => {
  await rig.ends(await rig.upload(teapots('X', 1)));
  const id = await rig.upload(teapots('X', 1).replace(',1,12.50', ',2,12.50'));
  await rig.ends(id);
  expect((await rig.errors(id)).rows).toMatchObject([{ error_code: 'IDEMPOTENCY_KEY_REUSED' }]);
});

test('a batch places each order by itself, identified by its reference or its position', async () => {
  const orders = [
    orderWith({}),
    orderWith({}),
    orderWith({ order_reference: 'B' }),
    orderWith({ order_reference: 'B' }),
    orderWith({ currency: 'euro' }),
  ];
  const { body } = await rig.request('POST', '/orders/batch', { body: JSON.stringify({ orders }) });
  expect(await rig.ends(body.id)).toMatchObject({ kind: 'batch', confirmed: 3, failed: 2, error_count: 2 });
  const { text, rows } = await rig.errors(body.id);
  expect(rows.map(({ error_line, error_message }) => [error_line, error_message])).toEqual([
    ['4', expect.stringMatching(/earlier order of this batch/)],
    ['5', expect.stringMatching(/currency/)],
  ]);
  // What a batch says of errors is a file that can be sent.
  const repaired = await rig.upload(text.replace('B,TEAPOT', 'B2,TEAPOT').replace('euro', 'EUR'));
  expect(await rig.ends(repaired)).toMatchObject({ confirmed: 2, failed: 0 });
});

test('a paused import places no order until it is resumed, and then all of them', async () => {
  const id = await beginHeldUp('P');
  const paused = await rig.request('POST', `/imports/${id}/pause`, { body: '{"reason":"lunch"}' });
  expect([paused.status, paused.body.status]).toEqual([200, 'PAUSED']);
  await rig.noFaults();
  // Once those under way have ended, nothing moves.
  const rest = await eventually(async () => {
    const { raw } = await rig.importHandle(id).describe();
    return (raw.pendingActivities ?? []).length === 0 && (await rig.read(id));
  });
  expect(rest.pending).toBeGreaterThan(0);
  const resumed = await rig.request('POST', `/imports/${id}/resume`, {});
  expect([resumed.status, resumed.body.status, resumed.body.placed]).toEqual([200, 'RUNNING', expect.any(Number)]);
  expect(await rig.ends(id)).toMatchObject({ status: 'COMPLETED', confirmed: 30, failed: 0 });
  expect(await rig.ordersOf(id)).toHaveLength(30);
  await rig.replayImport(id);
  const late = await rig.request('POST', `/imports/${id}/pause`, {});
  expect([late.status, late.body.code]).toEqual([400, 'ORD005']);
});

test('a cancelled import places no more and tells so; what was placed stays', async () => {
  const id = await beginHeldUp('C');
  const cancelled = await rig.request('POST', `/imports/${id}/cancel`, {});
  expect([cancelled.status, cancelled.body.status]).toEqual([200, 'CANCELLED']);
  await rig.noFaults();
  const ended = await rig.ends(id);
  expect(ended).toMatchObject({ status: 'CANCELLED', failed: 0, pending: 0 });
  expect(ended.cancelled).toBeGreaterThan(0);
  expect(ended.confirmed).toBeGreaterThan(0);
  expect(ended.confirmed + ended.cancelled).toBe(30);
  expect(await rig.ordersOf(id)).toHaveLength(ended.confirmed);
  const { text, rows } = await rig.errors(id);
  expect(rows).toHaveLength(ended.cancelled);
  expect(rows.every(({ error_code }) => error_code === 'CANCELLED')).toBe(true);
  await rig.replayImport(id);
  expect((await rig.request('POST', `/imports/${id}/cancel`, {})).status).toBe(200);
  expect((await rig.request('POST', `/imports/${id}/resume`, {})).body.code).toBe('ORD005');
  expect(await rig.ends(await rig.upload(text))).toMatchObject({ confirmed: ended.cancelled, repeated: 0 });
});

test('in the Web UI an import is paused by signal, shows its progress, and is cancelled with its workflow', async () => {
  const id = await beginHeldUp('W');
  const handle = rig.importHandle(id);
  await handle.signal('pauseImport', { actor: 'sam', reason: 'stocktaking' });
  await eventually(async () => (await rig.read(id)).status === 'PAUSED');
  await handle.signal('pauseimport', {});
  await handle.cancel();
  await rig.noFaults();
  expect(await rig.ends(id)).toMatchObject({ status: 'CANCELLED' });
  await eventually(async () => (await handle.describe()).status.name === 'CANCELLED');
  await rig.replayImport(id);
});

test('an unavailable service delays an import and fails no row', async () => {
  const { body: fault } = await rig.fault({ service: 'inventory', operation: 'get', mode: 'down' });
  const id = await rig.upload(teapots('D', 20));
  await eventually(async () => {
    const { raw } = await rig.importHandle(id).describe();
    return (raw.pendingActivities?.[0]?.attempt ?? 0) > 1;
  });
  expect(await rig.read(id)).toMatchObject({ pending: 20, failed: 0 });
  await rig.removeFault(fault.id);
  expect(await rig.ends(id)).toMatchObject({ confirmed: 20, failed: 0 });
});

test('a long import continues as new before its history grows', async () => {
  // A run takes at least 200 orders; most of these are refused, which is quick.
  const file = teapots('N', 201).replaceAll(/^(N-\d*[1-9]),TEAPOT/gm, '$1,NOWHERE');
  const { body } = await rig.request('POST', '/imports', { body: file, type: 'text/csv' });
  // The answer does not wait for the workflow to be there.
  await eventually(() => rig.importHandle(body.id).terminate());
  await rig.startWith({ importId: body.id, total: 201, inFlight: 48, rangesPerRun: 1 });
  const first = (await rig.importHandle(body.id).describe()).runId;
  expect(await rig.ends(body.id)).toMatchObject({ status: 'COMPLETED', confirmed: 21, failed: 180 });
  expect((await rig.importHandle(body.id).describe()).runId).not.toBe(first);
  expect(await rig.ordersOf(body.id)).toHaveLength(21);
  await rig.replayImport(body.id);
});

test('the relay starts an import that was registered and not started', async () => {
  const { db, temporal, config, dependencies } = rig;
  const { id } = await registerImportOf(rig, 3);
  const tools = { db, temporal, config, logger: dependencies.logger };
  await relayImports(tools);
  expect(await rig.read(id)).toMatchObject({ pending: 3 });
  await db
    .updateTable('imports')
    .set({ created_at: new Date(0) })
    .where('id', '=', id)
    .execute();
  await relayImports(tools);
  expect(await rig.ends(id)).toMatchObject({ confirmed: 3 });
});

test('an import whose workflow is terminated places no more and settles what it placed', async () => {
  const { db, temporal, config, dependencies } = rig;
  const tools = { db, temporal, config, logger: dependencies.logger };
  const id = await beginHeldUp('K');
  await rig.importHandle(id).terminate();
  await rig.noFaults();
  const age = () =>
    db
      .updateTable('imports')
      .set({ created_at: new Date(0), start_claimed_at: null })
      .where('completed_at', 'is', null)
      .execute();
  await age();
  await relayImports(tools);
  await age();
  await reconcileImports(tools);
  const ended = await rig.ends(id);
  expect(ended.status).toBe('CANCELLED');
  expect(ended.cancelled).toBeGreaterThan(0);
  expect(ended.confirmed + ended.cancelled).toBe(30);
});

/** Begins an import of 30 orders of which none is through its saga before the fault is gone, so that most are not placed yet. */
async function beginHeldUp(prefix: string): Promise<string> {
  await rig.fault({ service: 'payment', operation: '*', mode: 'down' });
  const id = await rig.upload(teapots(prefix, 30));
  await eventually(async () => (await rig.read(id)).placed > 0);
  return id;
}

function orderWith(more: object) {
  return {
    customer_id: 'alice',
    currency: 'EUR',
    items: [{ sku: 'TEAPOT', quantity: 1 }],
    payment_method: 'tok_ok',
    shipping_address: { name: 'A', line1: '1 Road', city: 'Town', postal_code: '1', country: 'GB' },
    ...more,
  };
}

const oneOrder = (reference: string, sku = 'TEAPOT') => `order,sku,qty,price\n${reference},${sku},1,12.50\n`;
const importWhole = async (file: string) => rig.ends(await rig.upload(file));

test('a reference that looks like the second attempt at another one, or a key that looks like a reference, is an order of its own', async () => {
  expect(await importWhole(oneOrder('N-1', 'GONE'))).toMatchObject({ failed: 1 });
  expect(await importWhole(oneOrder('N-1'))).toMatchObject({ confirmed: 1 });
  expect(await importWhole(oneOrder('N-1:2'))).toMatchObject({ confirmed: 1, repeated: 0 });
  expect(await importWhole(oneOrder('N-1%3A2'))).toMatchObject({ confirmed: 1, repeated: 0 });
  expect(await importWhole(oneOrder('N-1:2'))).toMatchObject({ confirmed: 0, repeated: 1 });
});

test('orders of an import belong to the service that sent it, and to no other', async () => {
  const id = await rig.upload(teapots('mine', 2));
  expect(await rig.ends(id)).toMatchObject({ confirmed: 2 });
  const seenBy = async (sub: string) => (await rig.request('GET', `/orders?batch_id=${id}`, { sub })).body.data;
  const [order] = await seenBy('shop');
  expect(await seenBy('shop')).toHaveLength(2);
  expect(await seenBy('feed')).toEqual([]);
  expect((await rig.request('GET', `/orders/${order.id}`)).status).toBe(200);
  expect((await rig.request('GET', `/orders/${order.id}`, { sub: 'feed' })).status).toBe(404);
});
