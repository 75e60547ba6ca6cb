import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FileOrder } from '../../src/domain/file-order.ts';
import type { Import } from '../../src/domain/import.ts';
import { takeInRange, type TakeInDependencies } from '../../src/imports/history/take-in-range.ts';
import { findHistory, findPaymentTransactions } from '../../src/repositories/order-details.ts';
import { findOrderWithItems } from '../../src/repositories/order-repository.ts';
import { findShipments } from '../../src/repositories/shipments.ts';
import { captureLog } from '../setup/captured-log.ts';
import { openOrders } from '../repositories/orders.ts';
import { fileOrder, lineOf } from './file-orders.ts';
import { insertWaitingOrders } from './waiting-orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

test('an order is taken in with its lines, dates, history, money and shipment, can be found, and nobody is told', async () => {
  const delivered = fileOrder({
    state: 'DELIVERED',
    lines: [{ ...lineOf('CUP-B', 1_000, 2), discountMinor: 100 }],
    feesMinor: 300,
    totalMinor: 2_200,
    payment: { ...fileOrder({}).payment, state: 'PARTIALLY_REFUNDED', refundedMinor: 500 },
    tracking: { carrier: 'DHL', number: 'JD014600003' },
    shippedAt: new Date('2024-01-11T09:00:00Z'),
    deliveredAt: new Date('2024-01-12T09:00:00Z'),
  });
  const { run, idOf, takenOn } = await anImport([delivered]);
  expect(await run()).toMatchObject({ CONFIRMED: 1, WAITING: 0 });
  const id = await idOf('#7001');
  const order = await findOrderWithItems(orders.db, id);
  expect(order).toMatchObject({
    status: 'DELIVERED',
    paymentStatus: 'PARTIALLY_REFUNDED',
    paymentProvider: 'EXTERNAL',
    reference: '#7001',
    source: 'shopify',
    discountMinor: 100,
    feesMinor: 300,
    totalMinor: 2_200,
    refundedMinor: 500,
    version: 4,
    createdAt: delivered.placedAt,
    updatedAt: delivered.deliveredAt,
    shippedAt: delivered.shippedAt,
    deliveredAt: delivered.deliveredAt,
    items: [{ sku: 'CUP-B', quantity: 2, shippedQuantity: 2, discountMinor: 100 }],
  });
  const history = await findHistory(orders.db, id);
  expect(history.map(({ to_status: to, at }) => [to, at])).toEqual([
    ['PENDING', delivered.placedAt],
    ['CONFIRMED', delivered.placedAt],
    ['SHIPPED', delivered.shippedAt],
    ['DELIVERED', delivered.deliveredAt],
  ]);
  const money = await findPaymentTransactions(orders.db, id);
  expect(money.map(({ kind, amount_minor: minor, provider }) => [kind, minor, provider])).toEqual([
    ['CHARGE', 2_200, 'EXTERNAL'],
    ['REFUND', 500, 'EXTERNAL'],
  ]);
  expect(await findShipments(orders.db, id)).toMatchObject([
    { tracking: delivered.tracking, shippedAt: delivered.shippedAt },
  ]);
  const { rows: terms } = await sql<{ term: string }>`select term from order_search where order_id = ${id}`.execute(
    orders.db,
  );
  expect(terms.map(({ term }) => term)).toEqual(expect.arrayContaining(['#7001', 'jd014600003', 'kim@example.com']));
  const { rows: events } = await sql`select from outbox where subject_id = ${id}`.execute(orders.db);
  expect(events).toHaveLength(0);
  expect(takenOn).toEqual([]);
});

test('the same file twice doubles nothing, and another state of an order is told as a difference', async () => {
  const reference = uuidv7();
  const first = await anImport([fileOrder({ reference })]);
  expect(await first.run()).toMatchObject({ CONFIRMED: 1 });
  const again = await anImport([fileOrder({ reference })]);
  expect(await again.run()).toMatchObject({ REPEATED: 1, CONFIRMED: 0 });
  expect(await again.failureOf(reference)).toBeNull();
  const changed = await anImport([
    fileOrder({ reference, state: 'SHIPPED', tracking: { carrier: null, number: 'T1' } }),
  ]);
  expect(await changed.run()).toMatchObject({ REPEATED: 1, CONFIRMED: 0 });
  expect(await changed.failureOf(reference)).toMatchObject({
    code: 'DIFFERS',
    details: [
      { field: 'status', ours: 'CONFIRMED', file: 'SHIPPED' },
      { field: 'tracking_number', ours: '', file: 'T1' },
    ],
  });
  const { rows } = await sql`select from orders where reference = ${reference}`.execute(orders.db);
  expect(rows).toHaveLength(1);
});

test('an open order whose workflow could not be started gets it from the next attempt, and nothing is written twice', async () => {
  const reference = uuidv7();
  const { run, idOf, takenOn, breakTakeOn } = await anImport([fileOrder({ reference })]);
  breakTakeOn(1);
  await expect(run()).rejects.toThrow('Temporal is away');
  expect(await run()).toMatchObject({ CONFIRMED: 1 });
  expect(takenOn).toEqual([await idOf(reference)]);
  const { rows } = await sql`select from orders where reference = ${reference}`.execute(orders.db);
  expect(rows).toHaveLength(1);
});

test('an order that another attempt touches while it is written is left to the next attempt, and its outcome is never lost', async () => {
  const reference = uuidv7();
  const { run } = await anImport([fileOrder({ reference, state: 'DELIVERED' })]);
  let attempt: ReturnType<typeof run> | undefined;
  await orders.db.transaction().execute(async (transaction) => {
    await sql`update import_orders set takes_stock = true where reference = ${reference}`.execute(transaction);
    attempt = run();
    await expect.poll(countWaiting, { timeout: 30_000 }).toBe(1);
  });
  expect(await attempt).toMatchObject({ WAITING: 1 });
  expect(await run()).toMatchObject({ CONFIRMED: 1, WAITING: 0 });
});

/** Connections that wait for a row that another one has written. */
async function countWaiting(): Promise<number> {
  const { rows } = await sql`
    select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%with given as%'`.execute(
    orders.db,
  );
  return rows.length;
}

test('an order that was neither paid nor shipped waits, and no relay starts the workflow that would charge it', async () => {
  const reference = uuidv7();
  const unpaid = fileOrder({ reference, payment: { ...fileOrder({}).payment, state: 'UNPAID' } });
  const { run, idOf } = await anImport([unpaid]);
  expect(await run()).toMatchObject({ CONFIRMED: 1 });
  const id = await idOf(reference);
  const { rows } = await sql`select status, workflow_started from orders where id = ${id}`.execute(orders.db);
  expect(rows).toEqual([{ status: 'PENDING', workflow_started: true }]);
  expect(await findPaymentTransactions(orders.db, id)).toEqual([]);
});

test('an order that can not be taken in fails with its reason, and holds up no other', async () => {
  const [wrong, right] = [uuidv7(), uuidv7()];
  const { run, failureOf } = await anImport([
    fileOrder({ reference: wrong, totalMinor: 1 }),
    fileOrder({ reference: right, state: 'SHIPPED' }),
  ]);
  expect(await run()).toMatchObject({ CONFIRMED: 1, FAILED: 1 });
  expect(await failureOf(wrong)).toMatchObject({ code: 'VALIDATION' });
});

/** An import of these orders as if they had been read from a file; its workflows are counted, and start unless they are broken. */
async function anImport(given: readonly FileOrder[]) {
  const { db } = orders;
  const id = uuidv7();
  const job: Import = {
    id,
    kind: 'csv',
    status: 'RUNNING',
    subject: 'shop',
    roles: ['service'],
    actor: 'service:shop',
    bodyHash: null,
    fileName: null,
    format: { delimiter: ',', header: [], columns: {}, defaults: {}, takingIn: { takeStock: false, unpaid: 'wait' } },
    rows: given.length,
    total: given.length,
    createdAt: new Date(),
    completedAt: null,
    finalProgress: null,
    haveRowsExpired: false,
    acknowledged: null,
  };
  await insertWaitingOrders(
    db,
    id,
    given.map(({ reference }) => reference),
  );
  const takenOn: string[] = [];
  let broken = 0;
  const dependencies: TakeInDependencies = {
    db,
    gateways: { inventory: noInventory, customer: { findCustomer: never, createCustomer: never } },
    logger: captureLog().logger,
    commands: {
      takeOn: async (orderId) => {
        if (broken > 0) {
          broken -= 1;
          throw new Error('Temporal is away');
        }
        takenOn.push(orderId);
      },
    },
    readFileOrder: (reference) => {
      const order = given.find((one) => one.reference === reference);
      return order ? { order } : { faults: [] };
    },
  };
  const range = { importId: id, from: 0, to: given.length };
  const of = async (reference: string) => {
    const { rows } = await sql<{ order_id: string; failure: unknown }>`
      select order_id, failure from import_orders where import_id = ${id} and reference = ${reference}`.execute(db);
    return rows[0]!;
  };
  return {
    run: () => takeInRange(dependencies, job, range, new AbortController().signal),
    idOf: async (reference: string) => (await of(reference)).order_id,
    failureOf: async (reference: string) => (await of(reference)).failure,
    takenOn,
    breakTakeOn: (times: number) => {
      broken = times;
    },
  };
}

const never = () => Promise.reject(new Error('no goods are touched'));

const noInventory = {
  createProduct: never,
  findProducts: never,
  reserve: never,
  findReservation: never,
  commit: never,
  release: never,
  amend: never,
  restock: never,
  withdrawRestock: never,
};
