import type { OrderFailure } from '../src/domain/order.ts';
import type { PaymentStatus } from '../src/domain/payment-status.ts';
import type { PaymentTransactionRecord } from '../src/domain/order-transition.ts';
import type { Order } from './order.ts';
import { recordStatus } from './record-status.ts';
import type { Saga, UndoResults } from './saga.ts';

/** Who cancels and why; `failure` when the order could not be had. */
export interface Cancellation {
  readonly actor: string;
  readonly reason: string;
  readonly failure?: OrderFailure | undefined;
}

/** Gives stock and money back, then writes CANCELLED; an undo that fails for good holds the order until an operator has decided. */
export async function cancelOrder(order: Order, saga: Saga, { actor, reason, failure }: Cancellation): Promise<void> {
  const undone = await saga.compensate();
  await recordStatus(order, {
    to: 'CANCELLED',
    key: 'cancelled',
    actor,
    reason,
    cancellationReason: reason,
    sagaState: 'COMPENSATED',
    failure,
    steps: saga.records,
    ...refunded(order, saga, undone),
  });
}

function refunded(order: Order, saga: Saga, { refundPaymentIfCharged }: UndoResults) {
  // Undone by hand, or nothing was ever charged: what the order says of its payment stays.
  if (!refundPaymentIfCharged) return {};
  // What amendments gave back, or took without having been completed, belongs to no total.
  const refundedMinor = Math.min(refundPaymentIfCharged.refundedMinor - order.amendedBackMinor, order.totalMinor);
  // Nothing was taken and nothing can be any more: a charge that was waiting or in doubt has failed, and an order that none was
  // made for is as it began, whatever refunding it looked like on the way.
  if (refundedMinor === 0) {
    const wasTried = saga.hasBegun('chargePayment') || order.input.takeUp !== undefined;
    return { paymentStatus: wasTried ? ('FAILED' as const) : ('PENDING' as const) };
  }
  const { orderId, currency, paymentMethod } = order.input;
  const transaction: PaymentTransactionRecord = {
    idempotencyKey: `${orderId}:refund`,
    kind: 'REFUND',
    status: 'REFUNDED',
    amountMinor: refundedMinor,
    currency,
    paymentMethod,
  };
  const paymentStatus: PaymentStatus = 'REFUNDED';
  return { refundedMinor, paymentStatus, transactions: [transaction] };
}
