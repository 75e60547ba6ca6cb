import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** Puts on record that a part of a payment by several methods was declined, before the others are given back; repeating it changes nothing. */
export async function recordDeclinedPart(
  writer: OrderWriter,
  orderId: string,
  declined: PaymentTransactionRecord,
): Promise<void> {
  await writeOrder(writer, orderId, async (transaction, writes) => {
    await lockOrder(transaction, orderId);
    await writes.writeLedger([], [declined]);
  });
}
