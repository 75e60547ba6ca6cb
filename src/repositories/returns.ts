import { sql, type RawBuilder, type Selectable, type SqlBool } from 'kysely';
import { refundDueMinor, type ReturnedQuantities } from '../domain/order-refunds.ts';
import type { ItemQuantity, OpenReturn, ReturnState } from '../domain/order-return.ts';
import { SAGA_ACTOR, type OrderItem } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { StepRecord } from '../domain/saga.ts';
import { changeOrder, holdOrder } from './change-order.ts';
import { writeLedger } from './ledger.ts';
import { findItems } from './order-items.ts';
import type { Db } from './schema.ts';
import type { OrderReturnsTable } from './schema/fulfilment-tables.ts';
import type { OrdersTable } from './schema/order-tables.ts';
import { transitionOrder } from './transition-order.ts';

/** A return that somebody asks for. */
export interface NewReturn {
  readonly id: string;
  readonly orderId: string;
  readonly items: readonly ItemQuantity[];
  readonly actor: string;
  readonly reason: string;
  /** How long after its delivery an order may be returned; for ever unless given. */
  readonly windowMs?: number;
}

/** What became of the wish to return something; a problem says which line of the request it is about. */
export type OpenOutcome =
  | { readonly outcome: 'open'; readonly opened: OpenReturn }
  /** The same id was used for something else. */
  | { readonly outcome: 'other' }
  | { readonly outcome: 'impossible'; readonly problem: string; readonly line: number }
  | { readonly outcome: 'too late'; readonly end: Date }
  | { readonly outcome: 'not delivered'; readonly status: OrderStatus };

/**
 * Puts a return on record, under the order's lock: no more of a line than was delivered and has not been returned, however many
 * ask at once. The same id again finds the same return.
 */
export async function openReturn(db: Db, wanted: NewReturn): Promise<OpenOutcome> {
  const { id, orderId, items, actor, reason, windowMs } = wanted;
  return db.transaction().execute(async (trx): Promise<OpenOutcome> => {
    const { status, delivered_at: deliveredAt } = await holdOrder(trx, orderId);
    const bought = await findItems(trx, orderId);
    const known = await trx.selectFrom('order_returns').selectAll().where('id', '=', id).executeTakeFirst();
    if (known)
      return isSame(known.items, items)
        ? { outcome: 'open', opened: toOpenReturn(known, bought) }
        : { outcome: 'other' };
    if (status !== 'DELIVERED') return { outcome: 'not delivered', status };
    const end = new Date((deliveredAt?.getTime() ?? 0) + (windowMs ?? Infinity));
    if (end.getTime() < Date.now()) return { outcome: 'too late', end };
    const line = items.findIndex((item) => item.quantity > returnable(bought, item.item_id));
    const excess = items[line];
    if (excess) return { outcome: 'impossible', problem: describeExcess(excess, bought), line };

    await sql`
      update order_items i set returned_quantity = i.returned_quantity + r.quantity
      from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as r(item_id uuid, quantity integer)
      where i.id = r.item_id and i.order_id = ${orderId}`.execute(trx);
    const row = await trx
      .insertInto('order_returns')
      .values({
        id,
        order_id: orderId,
        number: sql`(select coalesce(max(number), 0) + 1 from order_returns where order_id = ${orderId})`,
        state: 'OPEN',
        actor,
        reason,
        items: JSON.stringify(items),
        refund_minor: 0,
        is_whole: false,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await changeOrder(trx, {
      orderId,
      kind: 'RETURN',
      key: `return-opened:${row.number}`,
      actor,
      reason,
      event: 'order.return_opened',
      payload: { return_id: id, items },
      set: { saga_state: 'RUNNING' },
    });
    return { outcome: 'open', opened: toOpenReturn(row, bought) };
  });
}

/** A saga that is told of a return by its id alone means that one, whatever is in it. */
function isSame(known: readonly ItemQuantity[], wanted: readonly ItemQuantity[]): boolean {
  if (wanted.length === 0) return true;
  return sorted(known) === sorted(wanted);
}

function sorted(items: readonly ItemQuantity[]): string {
  return JSON.stringify(items.map(({ item_id: id, quantity }) => `${id} ${quantity}`).toSorted());
}

function returnable(bought: readonly OrderItem[], id: string): number {
  const item = bought.find((one) => one.id === id);
  return item ? item.shippedQuantity - item.returnedQuantity : 0;
}

function describeExcess({ item_id: id, quantity }: ItemQuantity, bought: readonly OrderItem[]): string {
  if (!bought.some((item) => item.id === id)) return `the order has no item ${id}`;
  return `${quantity} of item ${id} can't be returned: ${returnable(bought, id)} are left to return`;
}

function toOpenReturn(row: Selectable<OrderReturnsTable>, bought: readonly OrderItem[]): OpenReturn {
  const sku = new Map(bought.map((item) => [item.id, item.sku]));
  return {
    id: row.id,
    number: row.number,
    lines: row.items.map(({ item_id: id, quantity }) => ({ sku: sku.get(id) ?? '', quantity })),
    refundMinor: row.refund_minor,
    isWhole: row.is_whole,
    isRestocked: row.state === 'RESTOCKED',
    isRejected: row.state === 'REJECTED',
  };
}

/** The order's returns under way, oldest first. */
export async function findOpenReturns(db: Db, orderId: string): Promise<OpenReturn[]> {
  const rows = await db
    .selectFrom('order_returns')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', 'in', ['OPEN', 'RESTOCKED'])
    .orderBy('number')
    .execute();
  const bought = rows.length > 0 ? await findItems(db, orderId) : [];
  return rows.map((row) => toOpenReturn(row, bought));
}

/** Every return of an order, oldest first. */
export async function findReturns(db: Db, orderId: string) {
  return db.selectFrom('order_returns').selectAll().where('order_id', '=', orderId).orderBy('number').execute();
}

/** What is due to the customer now that the goods are back. */
export interface RefundDue {
  readonly status: OrderStatus;
  readonly refundMinor: number;
  readonly isWhole: boolean;
}

/** Notes that a return's goods are back, and what is refunded for them; the last goods make the order RETURNED. Repeatable. */
export async function recordRestock(
  db: Db,
  { orderId, returnId, steps }: { orderId: string; returnId: string; steps: readonly StepRecord[] },
): Promise<RefundDue> {
  return db.transaction().execute(async (trx): Promise<RefundDue> => {
    const order = await holdOrder(trx, orderId);
    const row = await trx.selectFrom('order_returns').selectAll().where('id', '=', returnId).executeTakeFirstOrThrow();
    if (row.state !== 'OPEN') return { status: order.status, refundMinor: row.refund_minor, isWhole: row.is_whole };
    const before = await returnedQuantities(trx, orderId, sql<SqlBool>`state not in ('OPEN', 'REJECTED')`);
    const after = await returnedQuantities(
      trx,
      orderId,
      sql<SqlBool>`state not in ('OPEN', 'REJECTED') or id = ${returnId}`,
    );
    const items = await findItems(trx, orderId);
    const sold = { items, totalMinor: order.total_minor, shippingMinor: order.shipping_minor };
    const refundMinor = refundDueMinor(sold, after) - refundDueMinor(sold, before);
    const isWhole = items.every(({ id, quantity }) => after[id] === quantity);
    await trx
      .updateTable('order_returns')
      .set({ state: 'RESTOCKED', refund_minor: refundMinor, is_whole: isWhole })
      .where('id', '=', returnId)
      .execute();
    await writeLedger(orderId, steps).execute(trx);
    if (!isWhole) return { status: order.status, refundMinor, isWhole };
    const { actor, reason } = row;
    const moved = { orderId, to: 'RETURNED', key: 'returned', actor, reason, sagaState: 'RUNNING' } as const;
    const { status } = await transitionOrder(trx, moved);
    return { status, refundMinor, isWhole };
  });
}

/** How much the returns for which `counts` holds bring back, by line. */
async function returnedQuantities(db: Db, orderId: string, counts: RawBuilder<SqlBool>): Promise<ReturnedQuantities> {
  const rows = await db
    .selectFrom('order_returns')
    .select('items')
    .where('order_id', '=', orderId)
    .where(counts)
    .execute();
  const returned: Record<string, number> = {};
  for (const { item_id: id, quantity } of rows.flatMap(({ items }) => items)) {
    returned[id] = (returned[id] ?? 0) + quantity;
  }
  return returned;
}

/** How a return has ended. */
export interface ReturnRecord {
  readonly orderId: string;
  readonly returnId: string;
  readonly state: Extract<ReturnState, 'REFUNDED' | 'UNREFUNDED' | 'REJECTED'>;
  readonly steps: readonly StepRecord[];
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Writes how a return has ended, and returns the order's status. Repeating it changes nothing. */
export async function recordReturn(db: Db, record: ReturnRecord): Promise<OrderStatus> {
  const { orderId, returnId, state, steps, transactions } = record;
  return db.transaction().execute(async (trx) => {
    const order = await holdOrder(trx, orderId);
    const ended = await trx
      .updateTable('order_returns')
      .set({ state, ended_at: sql`now()` })
      .where('id', '=', returnId)
      .where('state', 'in', ['OPEN', 'RESTOCKED'])
      .returningAll()
      .executeTakeFirst();
    if (!ended) return order.status;
    if (state === 'REJECTED') await giveUp(trx, ended);
    await writeLedger(orderId, steps, transactions).execute(trx);
    const refundedMinor = order.refunded_minor + (state === 'REFUNDED' ? ended.refund_minor : 0);
    const paymentStatus = paymentStatusOf({ ...order, refunded_minor: refundedMinor });
    if (ended.is_whole && state === 'REFUNDED') {
      const { status } = await transitionOrder(trx, {
        orderId,
        to: 'REFUNDED',
        key: 'refunded',
        actor: SAGA_ACTOR,
        reason: 'everything came back and was refunded',
        sagaState: 'COMPLETED',
        paymentStatus,
        refundedMinor,
      });
      return status;
    }
    await changeOrder(trx, {
      orderId,
      kind: 'RETURN',
      key: `return-ended:${ended.number}`,
      actor: SAGA_ACTOR,
      reason: endings[state],
      event: `order.return_${state.toLowerCase()}`,
      payload: { return_id: returnId, refund_minor: ended.refund_minor },
      set: {
        saga_state: state === 'REJECTED' ? 'COMPENSATED' : 'COMPLETED',
        refunded_minor: refundedMinor,
        payment_status: paymentStatus,
      },
    });
    return order.status;
  });
}

const endings = {
  REFUNDED: 'the goods came back and were refunded',
  UNREFUNDED: 'the goods came back; an operator decided against the refund',
  REJECTED: 'the return was given up',
} as const;

/** What is left of a refund that was tried and given up is no REFUNDING. */
function paymentStatusOf(order: Pick<Selectable<OrdersTable>, 'payment_status' | 'refunded_minor' | 'total_minor'>) {
  if (order.refunded_minor >= order.total_minor) return 'REFUNDED';
  if (order.refunded_minor > 0) return 'PARTIALLY_REFUNDED';
  return order.payment_status === 'REFUNDING' ? 'CAPTURED' : order.payment_status;
}

async function giveUp(db: Db, { order_id: orderId, items }: Selectable<OrderReturnsTable>): Promise<void> {
  await sql`
    update order_items i set returned_quantity = i.returned_quantity - r.quantity
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as r(item_id uuid, quantity integer)
    where i.id = r.item_id and i.order_id = ${orderId}`.execute(db);
}

/** As long as a saga may take to hear of a return before it is told again. */
const UNTOLD = sql.lit('5 seconds');

/** Returns under way whose saga has not been told for a while, claimed for the caller. */
export async function claimReturnsToTell(db: Db, limit: number) {
  return db
    .updateTable('order_returns')
    .set({ told_at: sql`now()` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('order_returns')
        .select('id')
        .where('state', '=', 'OPEN')
        .where(sql<boolean>`coalesce(told_at, created_at) < now() - interval ${UNTOLD}`)
        .orderBy('created_at')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(['id', 'order_id as orderId', 'actor', 'reason'])
    .execute();
}
