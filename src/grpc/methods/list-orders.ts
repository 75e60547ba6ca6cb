import { checkRequest } from '../../orders/check-request.ts';
import { orderReaders } from '../../orders/find-visible-order.ts';
import { listOrders } from '../../orders/list-orders.ts';
import { orderListQuery } from '../../orders/order-list-query.ts';
import { orderView } from '../../orders/order-view.ts';
import type { GrpcDoor } from '../door.ts';
import { orderMessage } from '../order-message.ts';
import { withoutPrefix } from '../read-message.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';

export const listOrdersRules = {
  operation: 'listOrders',
  roles: ['customer', ...orderReaders],
  isAction: false,
  toOne: false,
} as const satisfies MethodRules;

/** `ListOrders`: orders by time of creation, page by page; a customer's and a service's own only. */
export function listOrdersMethod({ access, timeZone }: GrpcDoor) {
  const from = { reader: access.reader, timeZone };
  return async ({ caller, request }: CallContext) => {
    const query = checkRequest(orderListQuery, {
      ...request,
      status: withoutPrefix(request['status'], 'ORDER_STATUS_'),
      payment_status: withoutPrefix(request['payment_status'], 'PAYMENT_STATUS_'),
      saga_state: withoutPrefix(request['saga_state'], 'SAGA_STATE_'),
    });
    const { orders, nextCursor } = await listOrders(from, caller, query);
    const messages = orders.map((order) => orderMessage(orderView(order)));
    return { response: { orders: messages, nextCursor: nextCursor ?? undefined } };
  };
}
