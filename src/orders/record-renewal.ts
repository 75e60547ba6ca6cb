import { ORDER_UPDATED } from '../domain/order-event.ts';
import type { PaymentTransactionRecord } from '../domain/order-transition.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findChange, writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** What another payment method came to that was offered for goods which wait for their payment. */
export interface PaymentRenewal {
  readonly orderId: string;
  /** Names the change within its order. */
  readonly key: string;
  /** Authorised or declined. */
  readonly transaction: PaymentTransactionRecord;
  readonly actor: string;
  readonly reason: string;
}

/** Writes that an order's goods are paid by another method, or that this one was declined as well; repeating it changes nothing. */
export async function recordRenewal(writer: OrderWriter, renewal: PaymentRenewal): Promise<void> {
  const { orderId, key, transaction: booked, actor, reason } = renewal;
  const { paymentMethod, declineCode = 'DECLINED' } = booked;
  await writeOrder(writer, orderId, async (transaction, writes) => {
    await lockOrder(transaction, orderId);
    if (await findChange(transaction, orderId, key)) return;
    await writes.writeLedger([], [booked]);
    const isDeclined = booked.status === 'DECLINED';
    await writeChange(transaction, {
      orderId,
      kind: 'DETAILS',
      key,
      actor,
      reason: isDeclined ? `another payment method was declined: ${declineCode}` : reason,
      event: { type: ORDER_UPDATED, details: {} },
      set: isDeclined
        ? { failure: { code: 'ORD003', message: 'payment declined', details: [{ decline_code: declineCode }] } }
        : { paymentStatus: 'AUTHORIZED', paymentMethod, failure: null },
    });
  });
}
