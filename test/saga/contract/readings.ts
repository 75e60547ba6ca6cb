import type { Amendment } from '../../../src/domain/amendment.ts';
import type { BookedTransaction } from '../../../src/domain/book-refund.ts';
import type { OrderReturn } from '../../../src/domain/order-return.ts';
import { CREATE_SAGA } from '../../../src/domain/saga.ts';
import { findHistory, findSagaSteps } from '../../../src/repositories/order-details.ts';
import { findOrderWithItems } from '../../../src/repositories/order-repository.ts';
import { findBooks } from '../../../src/repositories/payment-transactions.ts';
import { findReturns } from '../../../src/repositories/returns.ts';
import type { Db } from '../../../src/repositories/schema.ts';
import { ledgerKey, type Rows } from '../plans/rows.ts';
import { ORDER_ID } from './any-writes.ts';

/** What the rows in memory say of the order. */
export function readMemory({
  order,
  items,
  history,
  amendments,
  returns,
  written,
  ledger,
  transactions,
}: Rows['rows']) {
  return {
    order,
    items,
    history,
    written: written.toSorted(),
    amendments: amendments.map(toAmendment),
    returns: returns.map(toReturn),
    ledger: Object.fromEntries(ledger),
    transactions: sortByKey(transactions),
  };
}

/** What PostgreSQL says of it. */
export async function readStored(db: Db): Promise<ReturnType<typeof readMemory>> {
  const order = await findOrderWithItems(db, ORDER_ID);
  if (!order) throw new Error('the order is gone');
  const { status, paymentStatus, sagaState, refundedMinor, couponTerms, taxRate, shippingAddress } = order;
  const { subtotalMinor, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor } = order;
  const amounts = { subtotalMinor, discountMinor, taxMinor, isTaxIncluded, shippingMinor, feesMinor, totalMinor };
  const [, ...changes] = await findHistory(db, ORDER_ID);
  const statusChanges = changes.filter(({ change }) => change === 'STATUS');
  const others = changes.filter(({ change }) => change === 'SHIPMENT' || change === 'SHORTAGE');
  const amendments = await db.selectFrom('order_amendments').selectAll().orderBy('number').execute();
  const steps = await findSagaSteps(db, ORDER_ID);
  return {
    order: {
      status,
      paymentStatus,
      sagaState,
      refundedMinor,
      isShort: order.amendUntil !== null,
      amounts,
      taxRate,
      shippingAddress,
      couponTerms,
    },
    items: order.items,
    history: statusChanges.map((row) => ({ from: row.from_status!, to: row.to_status, key: row.transition_key })),
    written: others.map((row) => row.transition_key).toSorted(),
    amendments: amendments.map((row) =>
      toAmendment({
        ...row,
        commandId: row.command_id,
        differenceMinor: row.difference_minor,
        taxRate: row.tax_rate,
      }),
    ),
    returns: (await findReturns(db, ORDER_ID)).map(toReturn),
    ledger: Object.fromEntries(
      steps.map(({ saga, step, state }) => [ledgerKey(step, saga === CREATE_SAGA ? undefined : saga), state]),
    ),
    transactions: sortByKey((await findBooks(db, ORDER_ID)).map(toTransaction)),
  };
}

function sortByKey(transactions: readonly BookedTransaction[]): BookedTransaction[] {
  return transactions.toSorted((one, other) => one.idempotencyKey.localeCompare(other.idempotencyKey));
}

function toTransaction({ idempotencyKey, kind, status, amountMinor, provider }: BookedTransaction): BookedTransaction {
  return { idempotencyKey, kind, status, amountMinor, provider };
}

type ReadAmendment = Pick<
  Amendment,
  'number' | 'commandId' | 'state' | 'amounts' | 'taxRate' | 'details' | 'items' | 'differenceMinor'
>;

function toAmendment(read: ReadAmendment): ReadAmendment {
  const { number, commandId, state, amounts, taxRate, details, items, differenceMinor } = read;
  return { number, commandId, state, amounts, taxRate, details, items, differenceMinor };
}

type ReadReturn = Pick<OrderReturn, 'id' | 'number' | 'state' | 'items' | 'refundMinor' | 'isWhole'>;

function toReturn({ id, number, state, items, refundMinor, isWhole }: ReadReturn): ReadReturn {
  return { id, number, state, items, refundMinor, isWhole };
}
