import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import type { ImportFormat, TakingIn } from '../../domain/import-columns.ts';
import type { Import, ImportCounts, ImportOrder, ImportOutcome } from '../../domain/import.ts';
import type { FileOrder } from '../../domain/file-order.ts';
import { invalidRequest, Refusal } from '../../domain/refusal.ts';
import {
  countRange,
  findLinesOfOrders,
  findOpenImportOrders,
  recordOutcomes,
  type ImportRange,
} from '../../repositories/import-orders.ts';
import { noteStock } from '../../repositories/import-stock.ts';
import { insertTakenInOrders } from '../../repositories/take-in-orders.ts';
import { createTakenInRows } from '../../repositories/taken-in-columns.ts';
import { addOrder, type NewTakenInOrder } from '../../repositories/taken-in-rows.ts';
import { createMissing, type CreatingDependencies } from '../create-missing.ts';
import { failureOf } from '../failure-of.ts';
import { namedInFile } from '../named-in-order.ts';
import { MAX_ROWS_OF_ORDER } from '../read-order-request.ts';
import { workInTurns } from '../work-in-turns.ts';
import type { readFileOrder } from '../presets/read-file-order.ts';
import { fillInPrices } from './fill-in-prices.ts';
import { leaveOutRepeated } from './leave-out-repeated.ts';
import { prepareOrder, type PreparedOrder } from './prepare-order.ts';
import { releaseUnwritten } from './release-unwritten.ts';
import { takeStock, type TakeOnDependencies } from './take-stock.ts';

/** What taking orders in works with. */
export interface TakeInDependencies extends TakeOnDependencies, CreatingDependencies {
  readonly readFileOrder: typeof readFileOrder;
}

/** Orders that are read and written together. With more, what is alive at a time takes longer to collect and requests wait longer; with half as many, statements cost more. */
const ORDERS_AT_ONCE = 100;

/** Lines of orders that are read together, unless one order has more. */
const LINES_AT_ONCE = 400;

/** Orders that get their workflow or their goods at the same time: it leaves the services and Temporal to others. */
const TAKEN_ON_AT_ONCE = 8;

/**
 * Parts of ranges that a process works on at the same time, whatever the number of ranges: one a core, and two at least, since one is read
 * and prepared while PostgreSQL writes another. More of them would take the cores from those who read orders meanwhile.
 */
const TAKEN_IN_AT_ONCE = Math.max(availableParallelism(), 2);

const workOnPart = pLimit(TAKEN_IN_AT_ONCE);

/**
 * Takes in what is open of a range, each order once however often it is called, and records what each comes to; returns how many are in
 * which state. Returns soon after `signal` aborts. Rejects when a service or the database is away; calling again is safe.
 */
export async function takeInRange(
  dependencies: TakeInDependencies,
  job: Import,
  range: ImportRange,
  signal: AbortSignal,
): Promise<ImportCounts> {
  const { db } = dependencies;
  const open = await findOpenImportOrders(db, range);
  // Written by an attempt that died before it could give them their workflow.
  await takeOnAll(
    dependencies,
    job,
    open.filter(({ state }) => state === 'PLACED'),
  );
  const waiting = open.filter(({ state }) => state === 'WAITING');
  for (const orders of splitOrders(waiting)) {
    if (signal.aborted) break;
    await workOnPart(() => takeInSome(dependencies, job, orders));
  }
  return countRange(db, range);
}

function* splitOrders(orders: readonly ImportOrder[]): Generator<readonly ImportOrder[]> {
  let some: ImportOrder[] = [];
  let lines = 0;
  for (const order of orders) {
    const count = Math.min(order.lineCount, MAX_ROWS_OF_ORDER);
    if (some.length > 0 && (some.length === ORDERS_AT_ONCE || lines + count > LINES_AT_ONCE)) {
      yield some;
      [some, lines] = [[], 0];
    }
    some.push(order);
    lines += count;
  }
  if (some.length > 0) yield some;
}

async function takeInSome(
  dependencies: TakeInDependencies,
  job: Import,
  orders: readonly ImportOrder[],
): Promise<void> {
  const { db } = dependencies;
  const outcomes: ImportOutcome[] = [];
  const prepared = await prepareAll(dependencies, job, orders, outcomes);
  const fresh = await leaveOutRepeated(db, job, prepared, outcomes);
  const { createMissing: missing, defaults } = formatOf(job);
  if (missing) {
    await createMissing(
      dependencies,
      missing,
      fresh.map(({ file, customerId }) => namedInFile(file, customerId, defaults)),
    );
  }
  const stocked = await takeStockOfAll(dependencies, job, fresh, outcomes);
  await recordOutcomes(db, job.id, outcomes);
  // Once they have their outcome no other attempt can write them.
  if (termsOf(job).takeStock && outcomes.length > 0) await releaseUnwritten(dependencies, job.id);
  const by = { importId: job.id, actor: job.actor, subject: job.subject };
  const rows = createTakenInRows();
  await workInTurns(stocked, (order) => addOrder(rows, order, by));
  const written = await insertTakenInOrders(db, job.id, rows);
  // What is not written was taken in by another import at the same time, as the next attempt at the range finds, or is cancelled.
  const open = stocked.filter(({ order }) => order.isOpen);
  await takeOnAll(
    dependencies,
    job,
    open.flatMap(({ id, position }) => (written.has(id) ? [{ position, orderId: id }] : [])),
  );
}

/** Reads and checks the orders; what can't be taken in is noted in `outcomes`. */
async function prepareAll(
  dependencies: TakeInDependencies,
  job: Import,
  orders: readonly ImportOrder[],
  outcomes: ImportOutcome[],
): Promise<PreparedOrder[]> {
  const format = formatOf(job);
  const lines = await findLinesOfOrders(
    dependencies.db,
    job.id,
    orders.map(({ reference }) => reference),
    MAX_ROWS_OF_ORDER,
  );
  const read: { readonly order: ImportOrder; readonly file: FileOrder }[] = [];
  await workInTurns(orders, (order) => {
    noteRefusal(outcomes, order, () => {
      if (order.lineCount > MAX_ROWS_OF_ORDER) {
        throw invalidRequest([{ pointer: '/items', message: `must have at most ${MAX_ROWS_OF_ORDER} lines` }]);
      }
      const result = dependencies.readFileOrder(order.reference, lines.get(order.reference) ?? [], format);
      if ('faults' in result) throw invalidRequest(result.faults);
      read.push({ order, file: result.order });
    });
  });
  const priced = await fillInPrices(
    dependencies,
    read.map(({ file }) => file),
    format,
  );
  const prepared: PreparedOrder[] = [];
  await workInTurns(read.entries(), ([index, { order }]) => {
    noteRefusal(outcomes, order, () => {
      const file = priced[index];
      if (file instanceof Refusal) throw file;
      if (file) prepared.push(prepareOrder(job, order, file, termsOf(job)));
    });
  });
  return prepared;
}

function noteRefusal(outcomes: ImportOutcome[], { position }: ImportOrder, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    outcomes.push({ position, state: 'FAILED', orderId: null, failure: failureOf(error) });
  }
}

/** Takes the goods of open orders where the import says so; an order whose goods are not there is refused. */
async function takeStockOfAll(
  dependencies: TakeInDependencies,
  job: Import,
  orders: readonly PreparedOrder[],
  outcomes: ImportOutcome[],
): Promise<NewTakenInOrder[]> {
  if (!termsOf(job).takeStock) return orders.map((order) => ({ ...order, reservationId: null }));
  const limit = pLimit(TAKEN_ON_AT_ONCE);
  const open = orders.filter(({ order }) => order.isOpen);
  const waiting = await noteStock(
    dependencies.db,
    job.id,
    open.map(({ position }) => position),
  );
  const stocked = await Promise.all(
    orders.map((order) =>
      limit(async () => {
        if (!order.order.isOpen) return { ...order, reservationId: null };
        if (!waiting.has(order.position)) return undefined;
        try {
          return { ...order, reservationId: await takeStock(dependencies, order) };
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          outcomes.push({ position: order.position, state: 'FAILED', orderId: null, failure: failureOf(error) });
          return undefined;
        }
      }),
    ),
  );
  return stocked.filter((order) => order !== undefined);
}

async function takeOnAll(
  dependencies: TakeInDependencies,
  job: Import,
  orders: readonly Pick<ImportOrder, 'position' | 'orderId'>[],
): Promise<void> {
  const limit = pLimit(TAKEN_ON_AT_ONCE);
  const taken = orders.flatMap(({ position, orderId }) =>
    orderId === null
      ? []
      : [
          limit(async (): Promise<ImportOutcome> => {
            await dependencies.commands.takeOn(orderId);
            return { position, state: 'CONFIRMED', orderId, failure: null };
          }),
        ],
  );
  await recordOutcomes(dependencies.db, job.id, await Promise.all(taken));
}

function formatOf({ format }: Import): ImportFormat {
  if (!format) throw new Error('a file without a format');
  return format;
}

function termsOf(job: Import): TakingIn {
  const { takingIn } = formatOf(job);
  if (!takingIn) throw new Error('a file that is not taken in');
  return takingIn;
}
