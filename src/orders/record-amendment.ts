import { refundedAfterAmendment, sagaStateAfter, type AmendmentState } from '../domain/amendment.ts';
import { formatMoney } from '../domain/money.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { PaymentStatus } from '../domain/payment-status.ts';
import { sagaName, type StepRecord } from '../domain/saga.ts';
import { leavesNothingToShip } from '../domain/ship-items.ts';
import { endAmendment } from '../repositories/amendments.ts';
import { interruptSaga } from '../repositories/ledger.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { replaceItems } from '../repositories/order-items.ts';
import { writeChange, writeSagaState } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** How an amendment has ended. */
export interface AmendmentRecord {
  readonly orderId: string;
  readonly number: number;
  readonly state: Exclude<AmendmentState, 'PLANNED'>;
  readonly steps: readonly StepRecord[];
  readonly transactions: readonly PaymentTransactionRecord[];
  /** Where the payment stands when it leaves nothing to ship, and the rest was captured with it. */
  readonly paymentStatus?: PaymentStatus | undefined;
}

/**
 * Writes the amended lines, amounts and details, or that the amendment has failed and nothing changes, and returns the order's status: SHIPPED
 * if it leaves nothing to ship of a partly shipped order. Repeating it changes nothing.
 */
export async function recordAmendment(writer: OrderWriter, record: AmendmentRecord): Promise<OrderStatus> {
  const { orderId, number, state, steps, transactions, paymentStatus } = record;
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const ended = await endAmendment(transaction, { orderId, number, state });
    if (!ended) return order.status;
    const sagaState = sagaStateAfter(state, order.status);
    await writes.writeLedger(steps, transactions);
    if (state === 'FAILED') {
      await interruptSaga(transaction, orderId, sagaName('amend', number));
      await writeSagaState(transaction, orderId, sagaState);
      return order.status;
    }
    const { amounts, differenceMinor } = ended;
    const money = (minor: number) => formatMoney(minor, order.currency);
    const total = { currency: order.currency, total: money(amounts.totalMinor), difference: money(differenceMinor) };
    await replaceItems(transaction, orderId, ended.items);
    await writeChange(transaction, {
      orderId,
      kind: ended.details ? 'DETAILS' : 'ITEMS',
      key: `amended:${number}`,
      actor: ended.actor,
      reason: ended.reason,
      event: { type: 'order.amended', details: total },
      set: {
        ...amounts,
        ...refundedAfterAmendment(order, amounts.totalMinor),
        taxRate: ended.taxRate,
        ...ended.details,
        sagaState,
        amendUntil: null,
        paymentAction: null,
        failure: null,
      },
    });
    if (!leavesNothingToShip(order, ended.items)) return order.status;
    const { actor } = ended;
    const shipped = { orderId, to: 'SHIPPED', key: `shipped:amended:${number}`, actor, sagaState } as const;
    return writes.move({ ...shipped, paymentStatus, reason: 'nothing is left to ship' });
  });
}
