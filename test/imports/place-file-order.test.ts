import { afterAll, beforeAll, expect, test } from 'vitest';
// First, so that the library that documents schemas is loaded before any is made.
import { startApiRig, type ApiRig } from '../http/api-rig.ts';
import type { Import } from '../../src/domain/import.ts';
import { takeInRange } from '../../src/imports/history/take-in-range.ts';
import { createImportPlacer } from '../../src/imports/place-import-order.ts';
import { OutcomeJournal } from '../../src/imports/outcome-journal.ts';
import { readFileOrder } from '../../src/imports/presets/read-file-order.ts';
import { findOpenImportOrders, recordOutcomes } from '../../src/repositories/import-orders.ts';
import { findImport } from '../../src/repositories/import-repository.ts';

let rig: ApiRig;

beforeAll(async () => {
  rig = await startApiRig({ settings: { IMPORT_CUSTOMER: 'guest', IMPORT_CURRENCY: 'GBP' } });
});
afterAll(() => rig.stop());

const header =
  'Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,' +
  'Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Billing Street,Billing City,Billing Zip,Billing Country,' +
  'Shipping Name,Shipping Street,Shipping City,Shipping Zip,Shipping Country';

/** An unpaid order of Shopify: two mugs at 9.00, 3.00 off, 4.50 for shipping; prices hold the tax. */
function mugs(name: string, total = '19.50'): string {
  const amounts = `15.00,4.50,2.50,${total},SPRING,3.00,DHL Parcel`;
  const ada = 'Ada,1 Road,London,N1 9GU,GB';
  return `${name},a@example.com,pending,,,EUR,${amounts},2024-01-02 10:00:00 +0100,2,Mug,9.00,MUG,Bob,2 Road,Leeds,LS1 1AA,GB,${ada}`;
}

const query = '?payment_method=tok_ok&customer_id=alice';

/** Uploads a file and places its orders as the import's workflow does; the sagas are scripted. */
async function placeAll(lines: readonly string[], more = '', sender = shop) {
  const { db } = rig.database;
  const job = await upload(lines, `${query}${more}`, sender);
  const { gateways, logger } = rig.parts;
  const commands = { start: () => Promise.resolve(true) };
  const placeOrder = createImportPlacer({ db, gateways, logger, rules: rig.config.order, commands });
  const journal = new OutcomeJournal(db, job.id);
  for (const order of await findOpenImportOrders(db, { importId: job.id, from: 0, to: lines.length })) {
    journal.note(order.position, await placeOrder(job, order));
  }
  await journal.write();
  return { job, outcomes: await outcomesOf(job) };
}

/** Uploads a file and takes its orders in as the import's workflow does; their own workflows are not started. */
async function takeAll(lines: readonly string[], more = '', sender = shop) {
  const { db } = rig.database;
  const job = await upload(lines, `?mode=history${more}`, sender);
  const { gateways, logger } = rig.parts;
  const commands = { takeOn: () => Promise.resolve() };
  const range = { importId: job.id, from: 0, to: lines.length };
  await takeInRange({ db, gateways, logger, commands, readFileOrder }, job, range, new AbortController().signal);
  return { job, outcomes: await outcomesOf(job) };
}

async function upload(lines: readonly string[], given: string, sender = shop): Promise<Import> {
  const { body } = await send(lines, given, sender);
  const job = await findImport(rig.database.db, body.id);
  if (!job) throw new Error(JSON.stringify(body));
  return job;
}

/** Who sends a file. */
interface Sender {
  readonly as: 'service' | 'admin';
  readonly sub: string;
}

const shop: Sender = { as: 'service', sub: 'shop' };

function send(lines: readonly string[], given: string, sender = shop) {
  return rig.request('POST', `/api/v1/imports${given}`, {
    ...sender,
    body: `${[header, ...lines].join('\n')}\n`,
    headers: { 'content-type': 'text/csv' },
  });
}

function outcomesOf({ id }: Import) {
  return rig.database.db
    .selectFrom('import_orders')
    .select(['state', 'failure', 'order_id'])
    .where('import_id', '=', id)
    .orderBy('position')
    .execute();
}

async function dryRun(lines: readonly string[], given: string) {
  return (await send(lines, `${given}&dry_run=true`)).body;
}

async function read(id: string | null | undefined) {
  return (await rig.request('GET', `/api/v1/orders/${id ?? ''}`, { as: 'admin' })).body;
}

test("an order of another system's file is placed with what the file states of its amounts, and charged that", async () => {
  const { outcomes } = await placeAll([mugs('#1')]);
  expect(outcomes).toMatchObject([{ state: 'PLACED', failure: null }]);
  expect(await read(outcomes[0]?.order_id)).toMatchObject({
    status: 'PENDING',
    reference: '#1',
    source: 'shopify',
    items: [{ sku: 'MUG', quantity: 2, unit_price: '9.00' }],
    subtotal: '18.00',
    discount: '3.00',
    tax: '2.50',
    tax_included: true,
    shipping: '4.50',
    total: '19.50',
    shipping_method: 'DHL Parcel',
    coupon_code: null,
    billing_address: { name: 'Bob', city: 'Leeds' },
    metadata: { order_reference: '#1', coupon_code: 'SPRING' },
  });
});

test('an order whose stated total differs from its sum is refused with both figures, unless the difference is tolerated', async () => {
  const refused = await placeAll([mugs('#2', '19.60')]);
  expect(refused.outcomes).toMatchObject([{ state: 'FAILED', order_id: null, failure: { code: 'VALIDATION' } }]);
  const said = JSON.stringify(refused.outcomes[0]?.failure);
  expect(said).toContain('19.50 EUR');
  expect(said).toContain('19.60 EUR');
  const tolerated = await placeAll([mugs('#2', '19.60')], '&tolerance=0.10');
  expect(await read(tolerated.outcomes[0]?.order_id)).toMatchObject({ fees: '0.10', total: '19.60' });
});

test("an order that is to have the catalogue's prices has them and our rates, and what differs from the file is told", async () => {
  const { job, outcomes } = await placeAll([mugs('#3')], '&prices=catalogue&column.coupon_code=-');
  expect(await read(outcomes[0]?.order_id)).toMatchObject({
    items: [{ sku: 'MUG', quantity: 2, unit_price: '12.50' }],
    discount: '0.00',
    total: '25.00',
    shipping_method: 'standard',
  });
  expect(outcomes[0]).toMatchObject({
    state: 'PLACED',
    failure: { code: 'DIFFERS', details: expect.arrayContaining([{ field: 'total', ours: '25.00', file: '19.50' }]) },
  });
  // Its saga goes well, and what was told stays.
  await recordOutcomes(rig.database.db, job.id, [{ position: 0, state: 'CONFIRMED', orderId: null, failure: null }]);
  const errors = await rig.request('GET', `/api/v1/imports/${job.id}/errors`, { as: 'service', sub: 'shop' });
  expect(errors.body).toContain('total: 25.00 on record, 19.50 in the file');
});

test("a dry run finds what placing would find: what is unknown, too little, or other than the file's prices", async () => {
  const unknown = mugs('#5').replace(',MUG,', ',NO-SUCH,');
  const asFile = await dryRun([mugs('#4'), unknown], query);
  expect(asFile).toMatchObject({ mode: 'new', recognised: 'shopify', orders: 2, refused: 1, differing: 0 });
  expect(asFile.assumed).toEqual({ currency: 'EUR', customer_id: 'alice', payment_method: 'tok_ok' });
  expect(asFile.sums).toMatchObject([{ currency: 'EUR', orders: 1, discount: '3.00', total: '19.50' }]);
  expect(asFile.faults).toEqual([
    expect.objectContaining({ order_reference: '#5', message: 'sku: is not in the catalogue' }),
  ]);
  const asCatalogue = await dryRun([mugs('#4')], `${query}&prices=catalogue&column.coupon_code=-`);
  expect(asCatalogue).toMatchObject({ refused: 0, differing: 1, sums: [{ total: '25.00' }] });
  expect(asCatalogue.differences[0].message).toContain('total is 25.00, in the file 19.50');
  expect(await dryRun([mugs('#4')], `${query}&prices=catalogue`)).toMatchObject({
    refused: 1,
    faults: [{ message: 'coupon_code: is unknown' }],
  });
  expect(await dryRun([mugs('#4')], '?payment_method=tok_ok&customer_id=nobody')).toMatchObject({
    faults: [{ message: expect.stringContaining('customer') }],
  });
});

/** An order of Shopify that is paid and not shipped. */
function paid(name: string, sku = 'MUG'): string {
  return mugs(name).replace(',pending,', ',paid,').replace(',MUG,', `,${sku},`);
}

async function product(sku: string) {
  return (await rig.sandbox.call('GET', `/products/${sku}`)).body;
}

test('goods of open orders are taken out of stock once, and an order whose goods are not there is refused with what is lacking', async () => {
  const before = await product('MUG');
  const lines = [paid('#11'), paid('#12', 'GONE')];
  await rig.sandbox.call('PUT', '/products/GONE', { name: 'Gone', price: '12.50', currency: 'EUR', stock: 1 });
  const first = await takeAll(lines, '&take_stock=true');
  expect(first.outcomes).toMatchObject([
    { state: 'CONFIRMED', failure: null },
    {
      state: 'FAILED',
      order_id: null,
      failure: { code: 'ORD002', details: [{ sku: 'GONE', requested: 2, available: 1 }] },
    },
  ]);
  expect(await product('MUG')).toMatchObject({ stock: before.stock - 2, reserved: 0 });
  expect(await read(first.outcomes[0]?.order_id)).toMatchObject({ reservation_id: expect.any(String) });
  const again = await takeAll([paid('#11')], '&take_stock=true');
  expect(again.outcomes).toMatchObject([{ state: 'REPEATED', failure: null }]);
  expect(await product('MUG')).toMatchObject({ stock: before.stock - 2, reserved: 0 });
  expect(await product('GONE')).toMatchObject({ stock: 1, reserved: 0 });
});

test('prices that a file does not state are those of the catalogue where the caller says so, and the dry run says the same', async () => {
  const total = '26.50';
  const stated = paid('#13').replace(',Mug,9.00,', ',Mug,,').replace(',2.50,19.50,', `,0.00,${total},`);
  const unpriced = stated.replace(`,${total},`, ',,');
  expect(await dryRun([unpriced], '?mode=history')).toMatchObject({
    mode: 'history',
    refused: 1,
    faults: [{ column: 'Lineitem price', message: expect.stringContaining('prices=catalogue') }],
  });
  const sums = [{ currency: 'EUR', orders: 1, total }];
  expect(await dryRun([stated], '?mode=history&prices=catalogue')).toMatchObject({ refused: 0, sums });
  const other = await dryRun([stated.replace(total, '26.60')], '?mode=history&prices=catalogue');
  expect(other.faults).toMatchObject([{ message: expect.stringMatching(/26\.60 EUR.*26\.50 EUR/) }]);
  expect(await dryRun([unpriced], '?mode=history&prices=catalogue')).toMatchObject({ refused: 0, sums });
  const { outcomes } = await takeAll([unpriced], '&prices=catalogue');
  expect(await read(outcomes[0]?.order_id)).toMatchObject({ items: [{ unit_price: '12.50' }], total });
  const unknown = await dryRun([unpriced.replace(',MUG,', ',NO-SUCH,')], '?mode=history&prices=catalogue');
  expect(unknown.faults).toMatchObject([{ message: 'the catalogue has no price in EUR of NO-SUCH' }]);
});

test('what a file names and nobody knows is listed by a dry run, created when the caller says so, and never overwritten', async () => {
  const lines = [mugs('#14').replace(',MUG,', ',NEW-1,'), mugs('#15').replace('a@example.com', 'b@example.com')];
  const asked = '?payment_method=tok_ok&create_missing=customers,products';
  const found = await dryRun(lines, asked);
  expect(found).toMatchObject({ orders: 2, refused: 0 });
  expect(found.missing_products).toEqual([{ sku: 'NEW-1', name: 'Mug', price: '9.00', currency: 'EUR' }]);
  const emails = found.missing_customers.map(({ email }: { email: string }) => email);
  expect(emails.toSorted()).toEqual(['a@example.com', 'b@example.com']);
  expect(await rig.sandbox.call('GET', '/products/NEW-1')).toMatchObject({ status: 404 });
  const mug = await product('MUG');
  const { outcomes } = await takeAll(lines, '&create_missing=customers,products');
  expect(outcomes).toMatchObject([{ state: 'CONFIRMED' }, { state: 'CONFIRMED' }]);
  expect(await product('NEW-1')).toMatchObject({ name: 'Mug', price: '9.00', currency: 'EUR', stock: 0 });
  expect(await product('MUG')).toEqual(mug);
  // Not the customer of orders that say nothing of who ordered.
  const { customer_id: id } = await read(outcomes[0]?.order_id);
  expect(id).toMatch(/^file:/);
  expect((await rig.sandbox.call('GET', `/users/${id}`)).body).toEqual({
    id,
    name: 'Bob',
    email: 'a@example.com',
    status: 'ACTIVE',
  });
  const placed = await placeAll([mugs('#16').replace(',MUG,', ',NEW-2,')], '&create_missing=products');
  expect(placed.outcomes).toMatchObject([{ state: 'PLACED' }]);
  expect(await product('NEW-2')).toMatchObject({ price: '9.00', stock: 0 });
});

test('an order that was taken in is not doubled when its key has been pruned, and the same number of another shop is another order', async () => {
  const first = await takeAll([paid('#17')]);
  await rig.database.db.deleteFrom('idempotency_keys').execute();
  const again = await takeAll([paid('#17')]);
  expect(again.outcomes).toMatchObject([{ state: 'REPEATED', order_id: first.outcomes[0]?.order_id, failure: null }]);
  expect(await dryRun([paid('#17')], '?mode=history')).toMatchObject({ known: 1 });
  const other = await takeAll([paid('#17')], '&column.source=Shipping%20City');
  expect(other.outcomes).toMatchObject([{ state: 'CONFIRMED' }]);
});

test('an order of a source is the same whoever sends it, taken in or placed, and whether its key is kept or not', async () => {
  const [ann, ben] = [{ as: 'admin', sub: 'ann' } as const, { as: 'admin', sub: 'ben' } as const];
  const first = await takeAll([paid('#20')], '', ann);
  const id = first.outcomes[0]?.order_id;
  const repeated = [{ state: 'REPEATED', order_id: id, failure: null }];
  expect((await takeAll([paid('#20')], '', ben)).outcomes).toMatchObject(repeated);
  expect(await dryRun([paid('#20')], '?mode=history')).toMatchObject({ known: 1 });
  const placed = await placeAll([mugs('#21')], '', ann);
  expect((await placeAll([mugs('#21')], '', ben)).outcomes).toMatchObject([
    { state: 'REPEATED', order_id: placed.outcomes[0]?.order_id },
  ]);
  expect((await placeAll([mugs('#20')], '', ben)).outcomes).toMatchObject([
    { state: 'FAILED', failure: { message: expect.stringContaining('source=') } },
  ]);
  await rig.database.db.deleteFrom('idempotency_keys').execute();
  expect((await takeAll([paid('#20')], '', ben)).outcomes).toMatchObject(repeated);
  // What differs is told to those who may see the order.
  const shipped = paid('#20').replace(',paid,', ',refunded,');
  expect((await takeAll([shipped], '', ben)).outcomes).toMatchObject([
    { ...repeated[0], failure: { code: 'DIFFERS' } },
  ]);
  const [hidden] = (await takeAll([shipped])).outcomes;
  expect(hidden).toMatchObject({ state: 'FAILED', order_id: null, failure: { code: 'VALIDATION' } });
  expect(JSON.stringify(hidden)).not.toContain('19.50');
});

test('two shops of one system may have the same numbers, each with a source of its own', async () => {
  const first = await takeAll([paid('#22')], '&source=shop-de');
  const other = await takeAll([paid('#22').replace('Mug', 'Cup')], '&source=shop-at');
  expect([...first.outcomes, ...other.outcomes]).toMatchObject([{ state: 'CONFIRMED' }, { state: 'CONFIRMED' }]);
  expect(await read(other.outcomes[0]?.order_id)).toMatchObject({ source: 'shop-at', reference: '#22' });
  expect((await placeAll([mugs('#23')], '&source=shop-de')).outcomes).toMatchObject([{ state: 'PLACED' }]);
  expect((await placeAll([mugs('#23')], '&source=shop-at')).outcomes).toMatchObject([{ state: 'PLACED' }]);
  expect(await dryRun([paid('#22')], '?mode=history&source=shop-at')).toMatchObject({
    known: 1,
    assumed: { source: 'shop-at' },
  });
});

/** The cells of an order that failed, as its errors file writes them. */
async function failedRow(line: string): Promise<string> {
  const { job } = await takeAll([line]);
  const { body } = await rig.request('GET', `/api/v1/imports/${job.id}/errors`, { as: 'service', sub: 'shop' });
  return body.split('\n')[1].split(',VALIDATION')[0];
}

test('a cell that is no formula for a spreadsheet in an errors file is the same in the errors file of that file', async () => {
  const first = await failedRow(mugs('#18', '99.00').replace(',Mug,', ',-Mug,'));
  expect(first).toContain(",'-Mug,");
  expect(await failedRow(first)).toBe(first);
});
