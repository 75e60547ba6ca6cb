import type { CommandOutcome } from '../orders/command-order.ts';
import { orderView } from '../orders/order-view.ts';
import { orderMessage } from './order-message.ts';
import type { Outcome } from './serve-call.ts';
import type { Order } from './generated/orders/v1/order_pb.ts';

/** What every method that changes an order answers: the order, and whether the change is still being carried out. */
export function answerOutcome({ order, isDone }: CommandOutcome): Outcome<{ order: Order; underWay: boolean }> {
  return {
    response: { order: orderMessage(orderView(order)), underWay: !isDone },
    orderId: order.id,
    isUnderWay: !isDone,
  };
}
