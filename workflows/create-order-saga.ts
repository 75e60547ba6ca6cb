import { orderRefundKey } from '../src/domain/book-refund.ts';
import type { StepOf } from '../src/domain/saga.ts';
import { newCharge } from './new-charge.ts';
import type { OrderRun } from './order-run.ts';
import type { ActivityCall } from './run-activity.ts';
import { Saga } from './saga.ts';

/** The saga that creates an order. Its compensations stay right for as long as the order can be cancelled. */
export type CreateOrderSaga = Saga<StepOf<'create'>>;

/** The saga of this order, with what compensates each of its steps. */
export function createOrderSaga(order: OrderRun): CreateOrderSaga {
  const { orderId, paymentCapture } = order.input;
  const isAuthorized = paymentCapture !== undefined;
  return new Saga(order, {
    reserveInventory: { name: 'releaseInventoryIfReserved', input: { orderId }, summary: 'release stock' },
    chargePayment: isAuthorized ? undefined : refundOf(order),
    authorizePayment: isAuthorized ? releaseOf(order) : undefined,
    capturePayment: isAuthorized ? refundOf(order) : undefined,
  });
}

/** What was captured stays: its refund is a compensation of its own. */
function releaseOf(order: OrderRun): ActivityCall<'voidPaymentIfAuthorized'> {
  const { orderId, currency } = order.input;
  return {
    name: 'voidPaymentIfAuthorized',
    get input() {
      return { orderId, currency, charges: order.state.charges };
    },
    get summary() {
      return `release what is authorized of ${order.total}`;
    },
  };
}

/** What is refunded is what has been charged by then; of several payment methods some may have been that nobody has told of. */
function refundOf(order: OrderRun): ActivityCall<'refundPaymentIfCharged'> {
  const { orderId, currency } = order.input;
  return {
    name: 'refundPaymentIfCharged',
    get input() {
      const { charges, paymentParts } = order.state;
      const isUntold = paymentParts !== undefined && charges.length === 0;
      return { orderId, currency, charges, ...(isUntold && { payment: order.payment ?? newCharge(order, 1) }) };
    },
    get summary() {
      return `refund ${order.total}`;
    },
    money: () => ({ kind: 'REFUND', key: orderRefundKey(orderId) }),
  };
}
