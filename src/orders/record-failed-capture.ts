import { ORDER_UPDATED } from '../domain/order-event.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { SAGA_ACTOR } from '../domain/order.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findChange, writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** A part of an order's payment that could not be captured, since it was declined to authorise it anew. */
export interface FailedCapture {
  readonly orderId: string;
  /** Counts the new authorisations of the order, from 1. */
  readonly number: number;
  readonly declineCode: string;
  readonly transactions: readonly PaymentTransactionRecord[];
}

/** Writes that an order's goods can't be shipped since they can't be paid, and why; repeating it changes nothing. */
export async function recordFailedCapture(writer: OrderWriter, failed: FailedCapture): Promise<void> {
  const { orderId, number, declineCode, transactions } = failed;
  const key = `capture-failed:${number}`;
  await writeOrder(writer, orderId, async (transaction, writes) => {
    await lockOrder(transaction, orderId);
    if (await findChange(transaction, orderId, key)) return;
    await writes.writeLedger([], transactions);
    await writeChange(transaction, {
      orderId,
      kind: 'DETAILS',
      key,
      actor: SAGA_ACTOR,
      reason: `the payment's authorisation has expired, and a new one was declined: ${declineCode}`,
      event: { type: ORDER_UPDATED, details: {} },
      set: {
        paymentStatus: 'FAILED',
        failure: { code: 'ORD003', message: 'payment declined', details: [{ decline_code: declineCode }] },
      },
    });
  });
}
