import type { OpenRefund } from '../src/domain/amount-refund.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { openRefund, type RefundPaymentRequest } from '../src/orders/open-refund.ts';
import { recordRefund, type RefundRecord } from '../src/orders/record-refund.ts';
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
     * customer. What was paid outside the payment service is DUE_BY_HAND. Refused: NOT_POSSIBLE when nothing is left.
     */
    refundAmount: stepActivity('refundAmount', dependencies, {
      run: async (input: AmountRefundInput & { readonly saga: string }): Promise<GivenBack> => {
        const given = await refundAmount(dependencies, input);
        if (given.refundedMinor + given.byHandMinor > 0) return given;
        throw refusal(failureTypes.notPossible, 'nothing of what was captured is left: it has gone back another way');
      },
      paymentStatusAfter: refundingWhenFailed,
    }),

    /** Writes how the refund has ended; returns the order's status. Key: the refund's id. */
    recordRefund: async (record: RefundRecord): Promise<{ status: OrderStatus }> => ({
      status: await recordRefund(dependencies, record).catch(throwActivityFailure),
    }),
  };
}
