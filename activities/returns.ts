import { failureTypes } from '../src/domain/failures.ts';
import type { OpenReturn } from '../src/domain/order-return.ts';
import type { OrderStatus } from '../src/domain/order-status.ts';
import { openReturn, type ReturnRequest } from '../src/orders/open-return.ts';
import { recordRestock, type RefundDue, type RestockRecord } from '../src/orders/record-restock.ts';
import { recordReturn, type ReturnRecord } from '../src/orders/record-return.ts';
import { refusal, throwActivityFailure } from './failures.ts';
import { refundAmount, type GivenBack, type AmountRefundInput } from './give-back.ts';
import { unlessWithoutGoods } from './goods-held.ts';
import { refundingWhenFailed } from './payment.ts';
import { stepActivity, type ActivityDependencies } from './step-activity.ts';
import type { OrderLine } from '../src/domain/order.ts';

/** Input of what brings goods back, or takes that back. */
export interface RestockInput {
  readonly orderId: string;
  readonly saga: string;
  readonly returnId: string;
  readonly lines: readonly OrderLine[];
}

/** Taking goods back and giving their money back. */
export function returnActivities(dependencies: ActivityDependencies) {
  const { inventory } = dependencies.gateways;
  return {
    /**
     * Finds the return that is on record, or puts it there. Key: its id.
     * Refused: NOT_POSSIBLE, TRANSITION_NOT_ALLOWED.
     */
    openReturn: async (request: ReturnRequest): Promise<OpenReturn> => {
      const opened = await openReturn(dependencies, request).catch(throwActivityFailure);
      if (opened.isRejected) throw refusal(failureTypes.notPossible, 'the return was given up');
      return opened;
    },

    /**
     * Puts the goods back into stock once. Key: the return's id. Compensation: `withdrawRestock`. The goods of an order that was taken in without
     * them never left this stock: the inventory knows nothing of them, and they are booked there by hand.
     */
    restockReturn: stepActivity('restockReturn', dependencies, {
      run: unlessWithoutGoods(dependencies.db, ({ orderId, returnId, lines }: RestockInput) =>
        inventory.restock(orderId, returnId, lines),
      ),
    }),

    /** Takes the goods out of stock again if they were put there, and forbids it. Key: the return's id. Right at any time. */
    withdrawRestock: stepActivity('withdrawRestock', dependencies, {
      run: ({ orderId, returnId }: RestockInput): Promise<void> => inventory.withdrawRestock(orderId, returnId),
    }),

    /** Writes that the goods are back, and what is refunded for them. Key: the return's id. */
    recordRestock: (record: RestockRecord): Promise<RefundDue> =>
      recordRestock(dependencies, record).catch(throwActivityFailure),

    /**
     * Refunds what is due for a return, once. Key: `<order id>:refund:return:<n>`. Retried until it succeeds: it is behind the pivot.
     * What was paid outside the payment service is DUE_BY_HAND.
     */
    refundReturn: stepActivity('refundReturn', dependencies, {
      run: (input: AmountRefundInput & { readonly saga: string }): Promise<GivenBack> =>
        refundAmount(dependencies, input),
      paymentStatusAfter: refundingWhenFailed,
    }),

    /** Writes how the return has ended; returns the status that the order has afterwards. Key: the return's id. */
    recordReturn: async (record: ReturnRecord): Promise<{ status: OrderStatus }> => ({
      status: await recordReturn(dependencies, record).catch(throwActivityFailure),
    }),
  };
}
