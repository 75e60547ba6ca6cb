import type { BookedTransaction } from '../domain/book-refund.ts';
import { openPaymentMethod } from './payment-method-column.ts';
import type { Db } from './schema.ts';

/** An order's charges and refunds, oldest first, as refunds are worked out from them. */
export async function findBooks(db: Db, orderId: string): Promise<BookedTransaction[]> {
  const rows = await db
    .selectFrom('order_payment_transactions')
    .select([
      'idempotency_key',
      'kind',
      'status',
      'amount_minor',
      'provider',
      'payment_id',
      'payment_method',
      'decline_code',
      'reference',
      'reason',
    ])
    .where('order_id', '=', orderId)
    .orderBy('at')
    .execute();
  return rows.map(
    ({
      idempotency_key: idempotencyKey,
      amount_minor: amountMinor,
      payment_id: paymentId,
      payment_method: paymentMethod,
      decline_code: declineCode,
      ...row
    }) => ({
      ...row,
      idempotencyKey,
      amountMinor,
      paymentId,
      paymentMethod: openPaymentMethod(paymentMethod),
      declineCode,
    }),
  );
}
