import { TOO_MANY_DECLINES } from './decline-limits.ts';
import { maskPaymentMethod } from './mask-payment-method.ts';
import { formatMoney } from './money.ts';
import type { EventDetails } from './order-event.ts';
import type { PaymentTransactionRecord } from './order-transition.ts';

/** The event of a charge or refund, without the moment at which it was put on record. */
export type PaymentEvent =
  | { readonly type: 'payment.processed'; readonly details: Omit<EventDetails['payment.processed'], 'processed_at'> }
  | { readonly type: 'payment.failed'; readonly details: EventDetails['payment.failed'] }
  | { readonly type: 'payment.refunded'; readonly details: EventDetails['payment.refunded'] };

/**
 * What is published of a charge or refund, its payment method masked; nothing of an authorisation, which moves no money, and nothing of a
 * refund that has failed: the order's event says that, and what is to be done.
 */
export function paymentEventOf(transaction: PaymentTransactionRecord): PaymentEvent | undefined {
  const { idempotencyKey, status, amountMinor, currency, paymentId = null, provider = 'PAYMENT_SERVICE' } = transaction;
  const money = { amount: formatMoney(amountMinor, currency), currency, payment_id: paymentId, provider };
  const charge = { ...money, transaction_id: idempotencyKey, payment_method: methodOf(transaction) };
  switch (status) {
    case 'CAPTURED':
      return { type: 'payment.processed', details: charge };
    case 'DECLINED':
      return { type: 'payment.failed', details: { ...charge, ...failureOf(transaction) } };
    case 'REFUNDED':
      return {
        type: 'payment.refunded',
        details: { ...money, refund_id: idempotencyKey, reason: transaction.reason ?? null },
      };
    case 'AUTHORIZED':
    case 'VOIDED':
    case 'EXPIRED':
    case 'FAILED':
      return undefined;
    default:
      return status satisfies never;
  }
}

/** What was moved by hand has no token. */
function methodOf({ provider, paymentMethod }: PaymentTransactionRecord): string {
  return provider === 'EXTERNAL' ? 'EXTERNAL' : maskPaymentMethod(paymentMethod);
}

function failureOf({ declineCode = 'DECLINED' }: PaymentTransactionRecord) {
  const why =
    declineCode === TOO_MANY_DECLINES
      ? 'too many payments were declined before, so the payment service was not asked'
      : `the payment service declined it: ${declineCode}`;
  return { failure_code: declineCode, failure_reason: why };
}
