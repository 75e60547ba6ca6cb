import type { StepOf } from '../src/domain/saga.ts';
import type { OrderRun } from './order-run.ts';
import { Saga } from './saga.ts';

/** The saga that creates an order. Its compensations stay right for as long as the order can be cancelled. */
export type CreateOrderSaga = Saga<StepOf<'create'>>;

/** The saga of this order, with what compensates each of its steps. */
export function createOrderSaga(order: OrderRun): CreateOrderSaga {
  const { orderId, currency } = order.input;
  return new Saga(order, {
    reserveInventory: { name: 'releaseInventoryIfReserved', input: { orderId }, summary: 'release stock' },
    chargePayment: { name: 'refundPaymentIfCharged', input: { orderId, currency }, summary: `refund ${order.total}` },
  });
}
