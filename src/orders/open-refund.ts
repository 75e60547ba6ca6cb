import { formatMoney } from '../domain/money.ts';
import { parseRefundAmount, requireRefundable, toOpenRefund, type OpenRefund } from '../domain/amount-refund.ts';
import { keyReused } from '../domain/refusal.ts';
import { findAmountRefund, insertRefund, sumPromisedRefunds } from '../repositories/amount-refunds.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import { writeChange } from '../repositories/write-change.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** Money that somebody wants to give back without goods. */
export interface RefundPaymentRequest {
  readonly id: string;
  readonly orderId: string;
  /** A decimal amount of the order's currency; may be left out for a refund on record. */
  readonly amount?: string | undefined;
  readonly notifies: boolean;
  readonly actor: string;
  readonly reason: string;
}

/**
 * Puts a refund on record: never more than was captured, less what went back or is on its way, however many ask at once. The same id
 * finds the same refund again. Throws ORD005, VALIDATION, and IDEMPOTENCY_KEY_REUSED for an id that belongs to another refund.
 */
export async function openRefund(writer: OrderWriter, request: RefundPaymentRequest): Promise<OpenRefund> {
  const { id, orderId, amount, notifies, actor, reason } = request;
  return writeOrder(writer, orderId, async (transaction) => {
    const order = await lockOrder(transaction, orderId);
    const known = await findAmountRefund(transaction, id);
    if (known && amount === undefined) return toOpenRefund(known);
    const amountMinor = parseRefundAmount(amount ?? '', order.currency);
    if (known) {
      if (known.amountMinor !== amountMinor || known.notifies !== notifies) throw keyReused(orderId);
      return toOpenRefund(known);
    }
    const transactions = await findBooks(transaction, orderId);
    const promisedMinor = await sumPromisedRefunds(transaction, orderId);
    requireRefundable({ order, transactions, promisedMinor }, amountMinor);
    const opened = await insertRefund(transaction, { id, orderId, amountMinor, notifies, actor, reason });
    const { currency } = order;
    const isAtRest = order.sagaState === 'COMPLETED' || order.sagaState === 'COMPENSATED';
    await writeChange(transaction, {
      orderId,
      kind: 'REFUND',
      key: `refund-opened:${opened.number}`,
      actor,
      reason,
      event: {
        type: 'order.refund_opened',
        details: { refund_id: id, amount: formatMoney(amountMinor, currency), currency },
      },
      ...(isAtRest && { set: { sagaState: 'RUNNING' } }),
    });
    return toOpenRefund(opened);
  });
}
