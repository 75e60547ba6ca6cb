import type { RefundState } from '../domain/amount-refund.ts';
import { formatMoney } from '../domain/money.ts';
import { countsInTotal } from '../domain/failed-refund.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { SAGA_ACTOR, type Order } from '../domain/order.ts';
import { paymentStatusAfter } from '../domain/return-items.ts';
import type { SagaState, StepRecord } from '../domain/saga.ts';
import { endRefund } from '../repositories/amount-refunds.ts';
import { findOpenDisputes } from '../repositories/disputes.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import type { Db } from '../repositories/schema.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** How a refund of an amount has ended. */
export interface RefundRecord {
  readonly orderId: string;
  readonly refundId: string;
  readonly state: Exclude<RefundState, 'OPEN'>;
  /** Why nothing went back, of one that is REJECTED. */
  readonly problem?: string | undefined;
  readonly steps: readonly StepRecord[];
  /** What went back for it, in minor units. */
  readonly refundedMinor: number;
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Writes how a refund has ended, and returns the order's status, which stays what it is. Repeating it changes nothing. */
export async function recordRefund(writer: OrderWriter, record: RefundRecord): Promise<OrderStatus> {
  const { orderId, refundId, state, problem, steps, refundedMinor: nowMinor, transactions } = record;
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const ended = await endRefund(transaction, refundId, { state, refundedMinor: nowMinor });
    if (!ended) return order.status;
    await writes.writeLedger(steps, transactions);
    const isOfTotal = ended.replaces === null || countsInTotal(ended.replaces, order);
    const refundedMinor = isOfTotal ? Math.min(order.refundedMinor + nowMinor, order.totalMinor) : order.refundedMinor;
    const { currency } = order;
    const amount = formatMoney(state === 'REFUNDED' ? nowMinor : ended.amountMinor, currency);
    const event =
      state === 'REFUNDED'
        ? ({
            type: 'order.refund_made',
            details: {
              refund_id: refundId,
              amount,
              currency,
              refunded_amount: formatMoney(refundedMinor, currency),
              notify: ended.notifies,
            },
          } as const)
        : ({ type: 'order.refund_rejected', details: { refund_id: refundId, amount, currency } } as const);
    await writeChange(transaction, {
      orderId,
      kind: 'REFUND',
      key: `refund-ended:${ended.number}`,
      actor: SAGA_ACTOR,
      reason: state === 'REFUNDED' ? ended.reason : (problem ?? 'the refund was given up'),
      event,
      set: {
        refundedMinor,
        paymentStatus: paymentStatusAfter(order, refundedMinor),
        sagaState: await stateAtRest(transaction, order),
      },
    });
    return order.status;
  });
}

/** Where the order's sagas stand when no other is under way. */
async function stateAtRest(transaction: Db, { id, status }: Order): Promise<SagaState> {
  if ((await findOpenDisputes(transaction, id)).length > 0) return 'NEEDS_ATTENTION';
  return status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED';
}
