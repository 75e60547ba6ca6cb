import type { OrderStatus } from '../domain/order-status.ts';
import { refundOf } from '../domain/return-items.ts';
import type { StepRecord } from '../domain/saga.ts';
import { lockOrder } from '../repositories/lock-order.ts';
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

/** Writes that a return's goods are back and what is refunded for them; the last goods make the order RETURNED. Repeatable. */
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
    const refund = refundOf(order, returns, restocked);
    await markRestocked(transaction, returnId, refund);
    await writes.writeLedger(steps);
    if (!refund.isWhole) return { status: order.status, ...refund };
    const { actor, reason } = restocked;
    const returned = { orderId, to: 'RETURNED', key: 'returned', actor, reason, sagaState: 'RUNNING' } as const;
    return { status: await writes.move(returned), ...refund };
  });
}
