import type { OrderFailure } from '../src/domain/order.ts';
import type { CreateOrderSaga } from './create-order-saga.ts';
import { payingSteps } from './authorize-payment.ts';
import { forbidCharges } from './forbid-charge.ts';
import { orderRefund } from './order-refund.ts';
import type { OrderRun } from './order-run.ts';
import { recordStatus } from './record-status.ts';
import type { Compensated } from './saga.ts';

/** Who cancels and why. */
export interface Cancellation {
  readonly actor: string;
  readonly reason: string;
  /** What the customer is told when the goods or the payment were refused. */
  readonly failure?: OrderFailure | undefined;
  /** Whether a message led to it, which has to be in the history before anything is compensated. */
  readonly isByMessage: boolean;
}

/** Compensates every step, then writes CANCELLED; a compensation that fails for good holds the order until an operator has decided. */
export async function cancelOrder(
  order: OrderRun,
  saga: CreateOrderSaga,
  { actor, reason, failure, isByMessage }: Cancellation,
): Promise<void> {
  const compensated = await saga.compensate({ commitFirst: isByMessage });
  if (saga.ledger.stateOf('refundPaymentIfCharged') === 'RESOLVED') forbidCharges(order);
  await recordStatus(order, {
    to: 'CANCELLED',
    key: 'cancelled',
    actor,
    reason,
    cancellationReason: reason,
    sagaState: 'COMPENSATED',
    failure,
    steps: saga.ledger.records,
    ...describeRefund(order, saga, compensated),
  });
}

function describeRefund(
  order: OrderRun,
  saga: CreateOrderSaga,
  { refundedMinor, byHandMinor, charges: found }: Compensated,
) {
  const { totalMinor, amendedBackMinor, charges, refusedPayments } = order.state;
  const refused = refusedPayments.length > 0 ? { transactions: refusedPayments } : {};
  // Left undone, or resolved by hand without anything on record: what the order says of its payment stays.
  if (refundedMinor === undefined && byHandMinor === 0) return refused;
  // What amendments and refused payments gave back, or amendments took without having been completed, belongs to no total.
  const inServiceMinor = Math.max((refundedMinor ?? amendedBackMinor) - amendedBackMinor, 0);
  const allMinor = Math.min(inServiceMinor + byHandMinor, totalMinor);
  if (allMinor === 0) return { paymentStatus: statusOfNoPayment(order, saga), ...refused };
  const throughService = allMinor - byHandMinor;
  const transactions = [
    ...refusedPayments,
    ...charges.filter(({ kind }) => kind === 'CHARGE'),
    ...found.filter(({ idempotencyKey }) => !refusedPayments.some((one) => one.idempotencyKey === idempotencyKey)),
    ...(throughService > 0 ? [orderRefund(order, throughService)] : []),
  ];
  return { refundedMinor: allMinor, paymentStatus: 'REFUNDED' as const, transactions };
}

/**
 * Nothing was taken and nothing can be any more: a charge that was waiting or in doubt has failed, and an order that none was made
 * for is as it began.
 */
function statusOfNoPayment(order: OrderRun, saga: CreateOrderSaga): 'FAILED' | 'PENDING' {
  const wasTried =
    payingSteps.some((step) => saga.hasBegun(step)) || order.headStart.isLost || order.input.resume !== undefined;
  return wasTried ? 'FAILED' : 'PENDING';
}
