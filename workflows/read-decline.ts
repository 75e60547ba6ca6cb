import type { ApplicationFailure } from '@temporalio/workflow';
import { refundKeyOf } from '../src/domain/book-refund.ts';
import { capturedCharge, declinedCharge } from '../src/domain/captured-charge.ts';
import { maskPaymentMethod } from '../src/domain/mask-payment-method.ts';
import type { OrderFailure } from '../src/domain/order.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import { chargesOf, type PaymentRequest, type RefusedPart } from '../src/domain/payment-part.ts';
import { isJsonObject } from '../src/domain/read-message.ts';

/** What a payment came to that was declined. */
export interface Decline {
  readonly declineCode: string;
  /** What the customer is told. */
  readonly failure: OrderFailure;
  /** What was declined, and parts that were charged and given back for that. */
  readonly transactions: readonly PaymentTransactionRecord[];
  /** What of it went back to the customer, in minor units. */
  readonly givenBackMinor: number;
}

/** Reads the decline of a payment, or of one of its parts. */
export function readDecline(payment: PaymentRequest, { details }: ApplicationFailure): Decline {
  const [code, refused] = details ?? [];
  const declineCode = typeof code === 'string' ? code : 'DECLINED';
  const { part, givenBack } = isRefusedPart(refused) ? refused : { part: 1, givenBack: [] };
  const charges = chargesOf(payment);
  const declined = charges[part - 1] ?? payment;
  const returned = givenBack.flatMap(({ part: number, paymentId, refundedMinor }) => {
    const charge = charges[number - 1];
    return charge ? [{ charge: capturedCharge(charge, paymentId), refundedMinor }] : [];
  });
  return {
    declineCode,
    failure: describeDecline(declineCode, payment.parts && declined.paymentMethod),
    transactions: [
      ...returned.map(({ charge }) => charge),
      declinedCharge(declined, declineCode),
      ...returned.map(({ charge, refundedMinor }) => refundOf(charge, refundedMinor)),
    ],
    givenBackMinor: returned.reduce((sum, { refundedMinor }) => sum + refundedMinor, 0),
  };
}

/** What the customer is told of a decline; of one of several payment methods, which one it was. */
function describeDecline(declineCode: string, method: string | undefined): OrderFailure {
  const detail = {
    decline_code: declineCode,
    ...(method !== undefined && { payment_method: maskPaymentMethod(method) }),
  };
  return { code: 'ORD003', message: 'payment declined', details: [detail] };
}

function refundOf(charge: PaymentTransactionRecord, amountMinor: number): PaymentTransactionRecord {
  const { idempotencyKey, currency, paymentMethod, paymentId } = charge;
  return {
    idempotencyKey: refundKeyOf(idempotencyKey),
    kind: 'REFUND',
    status: 'REFUNDED',
    paymentId,
    amountMinor,
    currency,
    paymentMethod,
  };
}

/** Activities report it; one that was completed by hand may have failed with anything. */
function isRefusedPart(value: unknown): value is RefusedPart {
  return isJsonObject(value) && typeof value['part'] === 'number' && Array.isArray(value['givenBack']);
}
