import { ApplicationFailure } from '@temporalio/common';
import type { OpenRefund } from '../src/domain/amount-refund.ts';
import { failureTypes, type DueByHand } from '../src/domain/failures.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { openRefund, type RefundPaymentRequest } from '../src/orders/open-refund.ts';
import { recordRefund, type RefundRecord } from '../src/orders/record-refund.ts';
import { findFailedRefund } from '../src/repositories/amount-refunds.ts';
import { refusal, throwActivityFailure } from './failures.ts';
import { refundAmount, type GivenBack, type AmountRefundInput } from './give-back.ts';
import { refundingWhenFailed } from './payment.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';

/** Giving money back without goods. */
export function amountRefundActivities(dependencies: ActivityDependencies) {
  return {
    /**
     * Finds the refund that is on record, or puts it there. Key: its id.
     * Refused: NOT_POSSIBLE, TRANSITION_NOT_ALLOWED.
     */
    openRefund: (request: RefundPaymentRequest): Promise<OpenRefund> =>
      openRefund(dependencies, request).catch(throwActivityFailure),

    /**
     * Refunds an amount once, as far as it is left. Key: `<order id>:refund:amount:<n>`. No compensation: what went back stays with the
     * customer. What was paid outside the payment service is DUE_BY_HAND, and so is what it has failed to refund, until somebody has
     * decided. Refused: NOT_POSSIBLE when nothing is left.
     */
    refundAmount: stepActivity('refundAmount', dependencies, {
      run: async (input: AmountRefundInput & { readonly saga: string }): Promise<GivenBack> => {
        const failure = await findFailedRefund(dependencies.db, input.orderId, input.saga);
        if (failure !== undefined) throw failedBefore(failure, input.amountMinor);
        const given = await refundAmount(dependencies, input);
        if (given.refundedMinor + given.byHandMinor > 0) return given;
        throw refusal(failureTypes.notPossible, 'nothing of what was captured is left: it has gone back another way');
      },
      // What a person has to give back is not on its way: the order says what the customer has, and what is due.
      paymentStatusAfter: (failure) =>
        failure?.type === failureTypes.dueByHand ? undefined : refundingWhenFailed(failure),
    }),

    /** Writes how the refund has ended; returns the order's status. Key: the refund's id. */
    recordRefund: async (record: RefundRecord): Promise<{ status: OrderStatus }> => ({
      status: await recordRefund(dependencies, record).catch(throwActivityFailure),
    }),
  };
}

/** The payment service has tried: whether it is to try again, a person says. */
function failedBefore(reason: string, dueMinor: number): ApplicationFailure {
  const due: DueByHand = { refundedMinor: 0, dueMinor };
  return ApplicationFailure.create({
    type: failureTypes.dueByHand,
    message: `${reason}: give the money back by hand, after which "resolve" records it, or "retry" has the payment service try again`,
    nonRetryable: true,
    details: [due],
  });
}
