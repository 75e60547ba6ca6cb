import { SAGA_ACTOR, type OrderFailure } from '../domain/order.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import type { SagaProgress } from '../domain/saga.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findChange, writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What an order ran short of before it was confirmed, and until when it may be amended. */
export interface Shortage {
  readonly orderId: string;
  /** Names the shortage within its order. */
  readonly key: string;
  readonly failure: OrderFailure;
  /** RFC 3339. */
  readonly until: string;
  /** How far the saga had come. */
  readonly progress: SagaProgress;
  /** What was charged before. */
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Lets an order that is out of stock before it is confirmed wait for an amendment. Repeating it changes nothing. */
export async function recordShortage(writer: OrderWriter, shortage: Shortage): Promise<void> {
  const { orderId, key, failure, until, progress, transactions } = shortage;
  await writeOrder(writer, orderId, async (transaction, writes) => {
    const { status } = await lockOrder(transaction, orderId);
    if (status !== 'PENDING' || (await findChange(transaction, orderId, key))) return;
    await writes.writeLedger(progress.steps, transactions);
    await writeChange(transaction, {
      orderId,
      kind: 'SHORTAGE',
      key,
      actor: SAGA_ACTOR,
      reason: 'out of stock before the order was confirmed: it can be amended or cancelled',
      event: { type: 'order.out_of_stock', details: { amend_until: until, details: failure.details } },
      set: { failure, amendUntil: new Date(until) },
    });
  });
}
