import { sql } from 'kysely';
import {
  importOrderStates,
  type ImportCounts,
  type CheckedLine,
  type ImportOrder,
  type ImportOrderState,
  type ImportOutcome,
} from '../domain/import.ts';
import type { OrderFailure } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { SagaState } from '../domain/saga.ts';
import type { Db } from './schema.ts';

/** Positions from `from` up to but not including `to`. */
export interface ImportRange {
  readonly importId: string;
  readonly from: number;
  readonly to: number;
}

/** The orders of a range that are waiting or placed, in the order of their positions. */
export async function findOpenImportOrders(db: Db, { importId, from, to }: ImportRange): Promise<ImportOrder[]> {
  const rows = await db
    .selectFrom('import_orders')
    .select(['position', 'reference', 'line_count', 'body', 'state', 'order_id'])
    .where('import_id', '=', importId)
    .where('position', '>=', from)
    .where('position', '<', to)
    .where('state', 'in', ['WAITING', 'PLACED'])
    .orderBy('position')
    .execute();
  return rows.map((row) => ({
    position: row.position,
    reference: row.reference,
    lineCount: row.line_count,
    body: row.body,
    state: row.state,
    orderId: row.order_id,
  }));
}

/** Placed orders whose outcome is not recorded yet, from the one after position `after`. */
export async function findPlacedImportOrders(
  db: Db,
  importId: string,
  after: number,
  limit: number,
): Promise<{ position: number; orderId: string }[]> {
  const rows = await db
    .selectFrom('import_orders')
    .select(['position', 'order_id as orderId'])
    .where('import_id', '=', importId)
    .where('state', '=', 'PLACED')
    .where('position', '>', after)
    .orderBy('position')
    .limit(limit)
    .execute();
  return rows.flatMap(({ position, orderId }) => (orderId === null ? [] : [{ position, orderId }]));
}

/** The first `limit` lines of one order of a file, in the file's order. */
export async function findOrderLines(
  db: Db,
  importId: string,
  reference: string,
  limit: number,
): Promise<CheckedLine[]> {
  return db
    .selectFrom('import_rows')
    .select(['line', 'cells', 'faults'])
    .where('import_id', '=', importId)
    .where('reference', '=', reference)
    .orderBy('line')
    .limit(limit)
    .execute();
}

/** The first `perOrder` lines of each of several orders of a file by their reference, in the file's order. */
export async function findLinesOfOrders(
  db: Db,
  importId: string,
  references: readonly string[],
  perOrder: number,
): Promise<ReadonlyMap<string, CheckedLine[]>> {
  const { rows } = await sql<CheckedLine & { readonly reference: string }>`
    select wanted.reference, r.line, r.cells, r.faults
    from unnest(${references}::text[]) as wanted(reference),
      lateral (
        select line, cells, faults from import_rows
        where import_id = ${importId}::uuid and reference = wanted.reference order by line limit ${perOrder}
      ) as r
    order by wanted.reference, r.line`.execute(db);
  const lines = new Map<string, CheckedLine[]>();
  for (const { reference, ...line } of rows) {
    const known = lines.get(reference);
    if (known) known.push(line);
    else lines.set(reference, [line]);
  }
  return lines;
}

/** Whether an order before `position` of the same batch has the same reference. */
export async function hasEarlierReference(
  db: Db,
  importId: string,
  { reference, position }: Pick<ImportOrder, 'reference' | 'position'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('import_orders')
    .select('position')
    .where('import_id', '=', importId)
    .where('position', '<', position)
    .where('reference', '=', reference)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/**
 * Writes the outcomes of orders. An order that has its outcome keeps it, so that a repeat changes nothing; one that is placed is settled by
 * what became of that order alone. What was told of a placed order stays unless it fails.
 */
export async function recordOutcomes(db: Db, importId: string, outcomes: readonly ImportOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  await sql`
    update import_orders as o
    set state = r.state, order_id = coalesce(r."orderId", o.order_id), failure = coalesce(nullif(r.failure, 'null'::jsonb), o.failure)
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as r(position integer, state text, "orderId" uuid, failure jsonb)
    where o.import_id = ${importId}::uuid and o.position = r.position
      and (o.state = 'WAITING' or (o.state = 'PLACED' and o.order_id = r."orderId" and r.state <> 'REPEATED'))`.execute(
    db,
  );
}

/** Counts a range's orders by state. */
export async function countRange(db: Db, { importId, from, to }: ImportRange): Promise<ImportCounts> {
  const rows = await db
    .selectFrom('import_orders')
    .select(({ fn }) => ['state', fn.countAll<number>().as('orders')])
    .where('import_id', '=', importId)
    .where('position', '>=', from)
    .where('position', '<', to)
    .groupBy('state')
    .execute();
  const of = (state: ImportOrderState) => rows.find((row) => row.state === state)?.orders ?? 0;
  return Object.fromEntries(importOrderStates.map((state) => [state, of(state)])) as ImportCounts;
}

/** Cancelling this many orders at a time keeps each statement well below its limit. */
const CANCEL_AT_ONCE = 20_000;

/** Cancels every order that has not been placed, then the import, unless it has ended. */
export async function cancelRest(db: Db, importId: string): Promise<void> {
  for (;;) {
    const { numUpdatedRows } = await db
      .updateTable('import_orders')
      .set({ state: 'CANCELLED' })
      .where('import_id', '=', importId)
      .where('state', '=', 'WAITING')
      .where('position', 'in', (query) =>
        query
          .selectFrom('import_orders')
          .select('position')
          .where('import_id', '=', importId)
          .where('state', '=', 'WAITING')
          .limit(CANCEL_AT_ONCE),
      )
      .executeTakeFirst();
    if (numUpdatedRows < BigInt(CANCEL_AT_ONCE)) break;
  }
  await db
    .updateTable('imports')
    .set({ status: 'CANCELLED' })
    .where('id', '=', importId)
    .where('status', 'in', ['RUNNING', 'PAUSED'])
    .execute();
}

/** The state of an order that an import waits for. */
export interface FollowedOrder {
  readonly id: string;
  readonly status: OrderStatus;
  readonly sagaState: SagaState;
  readonly failure: OrderFailure | null;
  readonly cancellationReason: string | null;
}

/** The states of these orders, in one query. */
export async function findFollowedOrders(db: Db, orderIds: readonly string[]): Promise<FollowedOrder[]> {
  return db
    .selectFrom('orders')
    .select(['id', 'status', 'saga_state as sagaState', 'failure', 'cancellation_reason as cancellationReason'])
    .where('id', '=', sql<string>`any(${orderIds}::uuid[])`)
    .execute();
}
