import type { EventOutcome } from '../domain/inbound-event.ts';
import { formatMoney } from '../domain/money.ts';
import { ORDER_UPDATED } from '../domain/order-event.ts';
import { PAYMENT_SERVICE_ACTOR } from '../domain/order.ts';
import { judgeOutsideRefund, toOutsideTransaction, type OutsideRefund } from '../domain/outside-refund.ts';
import { findOpenAmendment } from '../repositories/amendments.ts';
import { lockOrder } from '../repositories/lock-order.ts';
import { findOrderStatus } from '../repositories/order-repository.ts';
import { findBooks } from '../repositories/payment-transactions.ts';
import type { Db } from '../repositories/schema.ts';
import { writeChange } from '../repositories/write-change.ts';
import { judgeArchived } from './judge-archived.ts';
import { writeOrder, type OrderWriter } from './order-writer.ts';

/** Ends the event in the transaction of its effect; `false` when somebody has ended it before. */
export type EndEvent = (transaction: Db, outcome: EventOutcome) => Promise<boolean>;

/**
 * Books a refund that was made at the payment service past this system, once, and moves the order's payment status. One that this system
 * asked for changes nothing, and neither does one that is on record. More than is left of what was charged is never booked.
 */
export async function recordOutsideRefund(
  writer: OrderWriter,
  refund: OutsideRefund,
  endEvent: EndEvent,
): Promise<EventOutcome> {
  const { orderId } = refund;
  if ((await findOrderStatus(writer.db, orderId)) === undefined) {
    return judgeArchived(writer.db, orderId, async (archive, order) => {
      const transactions = await findBooks(archive, orderId);
      return judgeOutsideRefund(refund, order, { transactions, isAmending: false }).verdict === 'known';
    });
  }
  return writeOrder(writer, orderId, async (transaction, writes) => {
    const order = await lockOrder(transaction, orderId);
    const transactions = await findBooks(transaction, orderId);
    const isAmending = (await findOpenAmendment(transaction, orderId)) !== undefined;
    const judged = judgeOutsideRefund(refund, order, { transactions, isAmending });
    switch (judged.verdict) {
      case 'wait':
        return { state: 'WAITING', reason: judged.reason };
      case 'dead':
        return { state: 'DEAD', reason: judged.reason };
      case 'known':
        return { state: 'IGNORED', reason: judged.reason };
      case 'book': {
        const applied = { state: 'APPLIED' } as const;
        if (!(await endEvent(transaction, applied))) return applied;
        await writes.writeLedger([], [toOutsideTransaction(refund, order.paymentMethod)]);
        const { refundedMinor, paymentStatus } = judged;
        await writeChange(transaction, {
          orderId,
          kind: 'DETAILS',
          key: `refunded-outside:${refund.refundId}`,
          actor: PAYMENT_SERVICE_ACTOR,
          reason: describeRefund(refund),
          event: { type: ORDER_UPDATED, details: {} },
          set: { refundedMinor, paymentStatus },
        });
        return applied;
      }
      default:
        return judged satisfies never;
    }
  });
}

function describeRefund({ amountMinor, currency, refundId, reason }: OutsideRefund): string {
  const why = reason === null ? '' : `: ${reason}`;
  return `${formatMoney(amountMinor, currency)} ${currency} was refunded at the payment service (${refundId})${why}`;
}
