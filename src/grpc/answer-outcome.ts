import type { CommandOutcome } from '../orders/command-order.ts';
import { orderView } from '../orders/order-view.ts';
import { orderMessage } from './order-message.ts';
import type { Outcome } from './serve-call.ts';

/** What every method that changes an order answers: the order, and whether the change is still being carried out. */
export function answerOutcome({ order, isDone }: CommandOutcome): Outcome<{
  order: ReturnType<typeof orderMessage>;
  underWay: boolean;
}> {
  return {
    response: { order: orderMessage(orderView(order)), underWay: !isDone },
    orderId: order.id,
    isUnderWay: !isDone,
  };
}
