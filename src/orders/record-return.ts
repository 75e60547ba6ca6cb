import { formatMoney } from '../domain/money.ts';
import type { ReturnState } from '../domain/order-return.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import { paymentStatusAfter } from '../domain/return-items.ts';
import type { StepRecord } from '../domain/saga.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { subtractReturned } from '../repositories/order-items.ts';
import { endReturn } from '../repositories/returns.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** How a return has ended. */
export interface ReturnRecord {
  readonly orderId: string;
  readonly returnId: string;
  readonly state: Extract<ReturnState, 'REFUNDED' | 'UNREFUNDED' | 'REJECTED'>;
  readonly steps: readonly StepRecord[];
  /** What went back for it, in minor units: nothing of one that is UNREFUNDED, unless a part had gone back by hand. */
  readonly refundedMinor: number;
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Writes how a return has ended, and returns the order's status; a refund of everything makes it REFUNDED. Repeating it changes nothing. */
export async function recordReturn(writer: OrderWriter, record: ReturnRecord): Promise<OrderStatus> {
  const { orderId, returnId, state, steps, refundedMinor: nowMinor, transactions } = record;
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const ended = await endReturn(transaction, returnId, state);
    if (!ended) return order.status;
    if (state === 'REJECTED') await subtractReturned(transaction, orderId, ended.items);
    await writes.writeLedger(steps, transactions);
    const refundedMinor = Math.min(order.refundedMinor + nowMinor, order.totalMinor);
    const money = { refundedMinor, paymentStatus: paymentStatusAfter(order, refundedMinor) };
    const by = { orderId, actor: SAGA_ACTOR };
    if (ended.isWhole && state === 'REFUNDED') {
      const reason = 'everything came back and was refunded';
      const refunded = { ...by, to: 'REFUNDED', key: 'refunded', reason, sagaState: 'COMPLETED', ...money } as const;
      return writes.move(refunded);
    }
    const { currency } = order;
    const refund = { return_id: returnId, amount: formatMoney(ended.refundMinor, currency), currency };
    await writeChange(transaction, {
      ...by,
      kind: 'RETURN',
      key: `return-ended:${ended.number}`,
      reason: endings[state],
      event: { type: `order.return_${state.toLowerCase() as Lowercase<typeof state>}`, details: refund },
      set: { ...money, sagaState: state === 'REJECTED' ? 'COMPENSATED' : 'COMPLETED' },
    });
    return order.status;
  });
}

const endings = {
  REFUNDED: 'the goods came back and were refunded',
  UNREFUNDED: 'the goods came back; an operator decided against the refund',
  REJECTED: 'the return was given up',
} as const;
