import { sql, type Selectable } from 'kysely';
import type { AmendedOrder, AmendmentPlan, AmendmentState } from '../domain/amendment.ts';
import type { OrderLine } from '../domain/messages.ts';
import { SAGA_ACTOR, type Order, type OrderFailure, type OrderItem } from '../domain/order.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { SagaState, StepRecord } from '../domain/saga.ts';
import { writeLedger } from './ledger.ts';
import { lockOrder } from './lock-order.ts';
import { findItems, replaceItems } from './order-items.ts';
import type { Db } from './schema.ts';
import type { OrderAmendmentsTable } from './schema/fulfilment-tables.ts';
import { findChange, writeChange, writeSagaState } from './write-change.ts';

/** An amendment to be planned; `amend` computes what it makes of the order as it stands, or throws. */
export interface NewAmendment {
  readonly orderId: string;
  readonly commandId: string;
  readonly actor: string;
  readonly reason: string;
  readonly amend: (order: Order & { readonly items: readonly OrderItem[] }) => AmendedOrder;
}

/**
 * Decides what an amendment makes of the order, under the order's lock, and writes it down before anything is done about it.
 * The same command gets the same plan, however often it asks.
 */
export async function planAmendment(db: Db, wanted: NewAmendment): Promise<AmendmentPlan> {
  return db.transaction().execute(async (trx) => {
    const order = await lockOrder(trx, wanted.orderId);
    const before = order.items;
    const known = await findPlanned(trx, wanted.orderId, wanted.commandId);
    if (known) return withEnd(known.state, toPlan(known, before));
    const { items, ...amounts } = wanted.amend(order);
    const number = await nextNumber(trx, wanted.orderId);
    const planned = await trx
      .insertInto('order_amendments')
      .values({
        order_id: wanted.orderId,
        number,
        command_id: wanted.commandId,
        state: 'PLANNED',
        actor: wanted.actor,
        reason: wanted.reason,
        items: JSON.stringify(items),
        amounts: JSON.stringify(amounts),
        difference_minor: amounts.totalMinor - order.totalMinor,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await writeSagaState(trx, wanted.orderId, 'RUNNING');
    return toPlan(planned, before);
  });
}

function withEnd(state: AmendmentState, plan: AmendmentPlan): AmendmentPlan {
  return state === 'PLANNED' ? plan : { ...plan, ended: state };
}

async function findPlanned(db: Db, orderId: string, commandId: string) {
  return db
    .selectFrom('order_amendments')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('command_id', '=', commandId)
    .executeTakeFirst();
}

async function nextNumber(db: Db, orderId: string): Promise<number> {
  const { last } = await db
    .selectFrom('order_amendments')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return (last ?? 0) + 1;
}

function toPlan(row: Selectable<OrderAmendmentsTable>, before: readonly OrderItem[]): AmendmentPlan {
  const { number, items, amounts, difference_minor: differenceMinor } = row;
  const { totalMinor } = amounts;
  return { number, linesBefore: linesOf(before), linesAfter: linesOf(items), differenceMinor, totalMinor };
}

function linesOf(items: readonly OrderItem[]): OrderLine[] {
  return items.map(({ sku, quantity }) => ({ sku, quantity }));
}

/** The amendment under way, if there is one. */
export async function findOpenAmendment(db: Db, orderId: string): Promise<AmendmentPlan | undefined> {
  const row = await db
    .selectFrom('order_amendments')
    .selectAll()
    .where('order_id', '=', orderId)
    .where('state', '=', 'PLANNED')
    .executeTakeFirst();
  return row && toPlan(row, await findItems(db, orderId));
}

/** What an amendment has come to. */
export interface AmendmentRecord {
  readonly orderId: string;
  readonly number: number;
  readonly state: Exclude<AmendmentState, 'PLANNED'>;
  readonly steps: readonly StepRecord[];
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Writes the amended lines and amounts in one transaction, or that nothing has changed. Repeating it changes nothing. */
export async function recordAmendment(db: Db, record: AmendmentRecord): Promise<void> {
  const { orderId, number, state } = record;
  await db.transaction().execute(async (trx) => {
    const { status } = await lockOrder(trx, orderId);
    const ended = await trx
      .updateTable('order_amendments')
      .set({ state, ended_at: sql`now()` })
      .where('order_id', '=', orderId)
      .where('number', '=', number)
      .where('state', '=', 'PLANNED')
      .returningAll()
      .executeTakeFirst();
    if (!ended) return;
    await writeLedger(trx, orderId, record.steps, record.transactions);
    if (state === 'FAILED') {
      await writeSagaState(trx, orderId, sagaStateAfter(status, 'COMPENSATED'));
      return;
    }
    await replaceItems(trx, orderId, ended.items);
    await writeChange(trx, changeOf(ended, sagaStateAfter(status, 'COMPLETED')));
  });
}

/** An order that is amended before it is confirmed still has the saga under way that creates it. */
function sagaStateAfter(status: OrderStatus, ended: SagaState): SagaState {
  return status === 'PENDING' ? 'RUNNING' : ended;
}

function changeOf(ended: Selectable<OrderAmendmentsTable>, sagaState: SagaState) {
  const { totalMinor } = ended.amounts;
  return {
    orderId: ended.order_id,
    kind: 'ITEMS' as const,
    key: `amended:${ended.number}`,
    actor: ended.actor,
    reason: ended.reason,
    event: 'order.amended',
    more: { total_minor: totalMinor, difference_minor: ended.difference_minor },
    set: { ...ended.amounts, sagaState, amendUntil: null, failure: null },
  };
}

/** Lets an order whose goods ran out before it was confirmed wait for an amendment. Repeating it changes nothing. */
export async function recordShortage(
  db: Db,
  { orderId, key, failure, until }: { orderId: string; key: string; failure: OrderFailure; until: string },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { status } = await lockOrder(trx, orderId);
    if (status !== 'PENDING' || (await findChange(trx, orderId, key))) return;
    await writeChange(trx, {
      orderId,
      kind: 'SHORTAGE',
      key,
      actor: SAGA_ACTOR,
      reason: 'the goods ran out before the order was confirmed: it can be amended or cancelled',
      event: 'order.out_of_stock',
      more: { amend_until: until, details: failure.details },
      set: { failure, amendUntil: new Date(until) },
    });
  });
}
