import { setImmediate } from 'node:timers/promises';
import { sql } from 'kysely';
import { uuidv7 } from 'uuidv7';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Import } from '../../src/domain/import.ts';
import { GatewayError } from '../../src/gateways/gateway-error.ts';
import { releaseUnwritten } from '../../src/imports/history/release-unwritten.ts';
import { takeInRange, type TakeInDependencies } from '../../src/imports/history/take-in-range.ts';
import { cancelRest } from '../../src/repositories/import-orders.ts';
import { openOrders } from '../repositories/orders.ts';
import { captureLog } from '../setup/captured-log.ts';
import { fileOrder } from './file-orders.ts';
import { insertWaitingOrders } from './waiting-orders.ts';

let orders: Awaited<ReturnType<typeof openOrders>>;

beforeAll(async () => {
  orders = await openOrders();
});

afterAll(() => orders.close());

const COUNT = 20;

test('goods that an attempt took before it died are returned when the import is cancelled', async () => {
  const { run, cancel, stock, written } = await anImport();
  stock.dieAfter(7);
  await expect(run()).rejects.toThrow('died');
  await stock.live();
  expect(stock.taken()).toBe(7);
  await cancel();
  expect(stock.taken()).toBe(0);
  expect(await written()).toBe(0);
});

test('an attempt that goes on after its import was cancelled writes no order and keeps no goods', async () => {
  const { run, cancel, stock, written } = await anImport();
  stock.haltAfter(7);
  const running = run();
  await stock.halted;
  await cancel();
  expect(stock.taken()).toBe(0);
  stock.goOn();
  expect(await running).toMatchObject({ CANCELLED: COUNT, CONFIRMED: 0 });
  expect(stock.taken()).toBe(0);
  expect(await written()).toBe(0);
});

test('another attempt takes what one that died has taken once, and every order has its goods', async () => {
  const { run, cancel, stock, written } = await anImport();
  stock.dieAfter(7);
  await expect(run()).rejects.toThrow('died');
  await stock.live();
  expect(await run()).toMatchObject({ CONFIRMED: COUNT });
  expect(stock.taken()).toBe(COUNT);
  expect(await written()).toBe(COUNT);
  await cancel();
  expect(stock.taken()).toBe(COUNT);
});

test('an order that fails at the next attempt does not keep the goods that the one before took for it', async () => {
  const { run, cancel, stock, written, failFirst } = await anImport();
  stock.dieAfter(7);
  await expect(run()).rejects.toThrow('died');
  await stock.live();
  failFirst();
  expect(await run()).toMatchObject({ FAILED: 1, CONFIRMED: COUNT - 1 });
  expect(stock.taken()).toBe(COUNT - 1);
  expect(await written()).toBe(COUNT - 1);
  await cancel();
  expect(stock.taken()).toBe(COUNT - 1);
});

/** An import of open orders that takes their goods. */
async function anImport() {
  const { db } = orders;
  const id = uuidv7();
  const references = Array.from({ length: COUNT }, () => uuidv7());
  const job: Import = {
    id,
    kind: 'csv',
    status: 'RUNNING',
    subject: 'shop',
    roles: ['service'],
    actor: 'service:shop',
    bodyHash: null,
    fileName: null,
    format: { delimiter: ',', header: [], columns: {}, defaults: {}, takingIn: { takeStock: true, unpaid: 'wait' } },
    rows: COUNT,
    total: COUNT,
    createdAt: new Date(),
    completedAt: null,
    finalProgress: null,
    haveRowsExpired: false,
    acknowledged: null,
  };
  await insertWaitingOrders(db, id, references);
  const stock = aStock();
  let isFirstFaulty = false;
  const dependencies: TakeInDependencies = {
    db,
    gateways: { inventory: stock.inventory, customer: { findCustomer: never, createCustomer: never } },
    logger: captureLog().logger,
    commands: { takeOn: () => Promise.resolve() },
    readFileOrder: (reference) =>
      isFirstFaulty && reference === references[0]
        ? { faults: [{ pointer: '/items', message: 'is not sold any more' }] }
        : { order: fileOrder({ reference }) },
  };
  return {
    stock,
    run: () => takeInRange(dependencies, job, { importId: id, from: 0, to: COUNT }, new AbortController().signal),
    /** As the workflow does. */
    cancel: async () => {
      await cancelRest(db, id);
      await releaseUnwritten(dependencies, id);
    },
    written: async () => {
      const { rows } = await sql`select from orders where batch_id = ${id} and reservation_id is not null`.execute(db);
      return rows.length;
    },
    failFirst: () => {
      isFirstFaulty = true;
    },
  };
}

/** An inventory that takes an order's goods once, and never after they were released; its caller may die or halt in the middle. */
function aStock() {
  const goods = new Map<string, 'HELD' | 'COMMITTED' | 'RELEASED'>();
  const reached = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  let left = Infinity;
  let isDead = false;
  let onEnd: (() => Promise<void>) | undefined;
  const taken = () => [...goods.values()].filter((state) => state !== 'RELEASED').length;
  const requireTakable = (orderId: string) => {
    if (isDead) throw new Error('died');
    if (goods.get(orderId) !== 'RELEASED') return;
    throw new GatewayError('refused', 'inventory', 'released for good', { code: 'RESERVATION_RELEASED' });
  };
  return {
    taken,
    /** Whoever calls it then calls it no more, as a process that was killed. */
    dieAfter: (count: number) => {
      left = count;
      onEnd = () => {
        isDead = true;
        left = Infinity;
        return Promise.resolve();
      };
    },
    /** Once what the dead one still had to do is over. */
    live: async () => {
      await setImmediate();
      isDead = false;
    },
    haltAfter: (count: number) => {
      left = count;
      onEnd = () => {
        reached.resolve();
        return gate.promise;
      };
    },
    halted: reached.promise,
    goOn: () => {
      gate.resolve();
    },
    inventory: {
      createProduct: never,
      findProducts: never,
      findReservation: never,
      amend: never,
      restock: never,
      withdrawRestock: never,
      reserve: async (orderId: string) => {
        if (left === 0) await onEnd?.();
        left -= 1;
        requireTakable(orderId);
        if (!goods.has(orderId)) goods.set(orderId, 'HELD');
        return { id: orderId, expiresAt: '' };
      },
      commit: async (orderId: string) => {
        requireTakable(orderId);
        goods.set(orderId, 'COMMITTED');
        return { id: orderId, expiresAt: '' };
      },
      release: async (orderId: string) => {
        goods.set(orderId, 'RELEASED');
      },
    },
  };
}

const never = () => Promise.reject(new Error('not called'));
