import { orderReaders } from '../../orders/find-visible-order.ts';
import { orderView, type OrderView } from '../../orders/order-view.ts';
import { readOrderOrCopy } from '../../orders/read-order-or-copy.ts';
import type { GrpcDoor } from '../door.ts';
import { orderMessage } from '../order-message.ts';
import { takeOrderId } from '../read-message.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';

export const getOrderRules = {
  operation: 'getOrder',
  roles: ['customer', ...orderReaders],
  isAction: false,
  toOne: true,
} as const satisfies MethodRules;

/** `GetOrder`: one order, by id or order number. */
export function getOrderMethod({ orders, copies }: GrpcDoor) {
  const from = { db: orders.db, copies };
  return async ({ caller, request }: CallContext) => {
    const { orderId } = takeOrderId(request);
    const { order, copy } = await readOrderOrCopy(from, caller, orderId, 'details');
    // A copy is what was written of a view.
    const view: OrderView = order ? orderView(order) : JSON.parse(copy.text);
    return { response: { order: orderMessage(view) }, orderId: view.id };
  };
}
