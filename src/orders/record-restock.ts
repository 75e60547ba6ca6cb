import { leftToRefund } from '../domain/amount-refund.ts';
import { notificationKey } from '../domain/order-notification.ts';
import type { OrderStatus } from '../domain/order-status.ts';
import { refundOf } from '../domain/return-items.ts';
import type { StepRecord } from '../domain/saga.ts';
import { sumPromisedRefunds } from '../repositories/amount-refunds.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import { insertMessage } from '../repositories/order-messages.ts';
import { findReturns, markRestocked } from '../repositories/returns.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** A return whose goods are back, and what its steps came to. */
export interface RestockRecord {
  readonly orderId: string;
  readonly returnId: string;
  readonly steps: readonly StepRecord[];
}

/** The order's status after a restock, and what is to be refunded in minor units. */
export interface RefundDue {
  readonly status: OrderStatus;
  readonly refundMinor: number;
  readonly isWhole: boolean;
}

/**
 * Writes that a return's goods are back, what is refunded for them, and the message to the customer, as no event tells of a part that came back.
 * The last goods make the order RETURNED. Repeatable.
 */
export async function recordRestock(
  writer: OrderWriter,
  { orderId, returnId, steps }: RestockRecord,
): Promise<RefundDue> {
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const returns = await findReturns(transaction, orderId);
    const restocked = returns.find(({ id }) => id === returnId);
    if (!restocked) throw new Error(`order ${orderId} has no return ${returnId}`);
    if (restocked.state !== 'OPEN') {
      return { status: order.status, refundMinor: restocked.refundMinor, isWhole: restocked.isWhole };
    }
    const transactions = await findBooks(transaction, orderId);
    const promisedMinor = await sumPromisedRefunds(transaction, orderId);
    const refund = refundOf(order, returns, restocked, leftToRefund({ order, transactions, promisedMinor }));
    await markRestocked(transaction, returnId, refund);
    await insertMessage(transaction, {
      key: notificationKey(orderId, 'RETURN_RECEIVED', returnId),
      orderId,
      type: 'RETURN_RECEIVED',
      about: { return_id: returnId },
    });
    await writes.writeLedger(steps);
    if (!refund.isWhole) return { status: order.status, ...refund };
    const { actor, reason } = restocked;
    const returned = { orderId, to: 'RETURNED', key: 'returned', actor, reason, sagaState: 'RUNNING' } as const;
    return { status: await writes.move(returned), ...refund };
  });
}
