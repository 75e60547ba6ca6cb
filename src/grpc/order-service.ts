import type { ConnectRouter, ServiceImpl } from '@connectrpc/connect';
import { toRequestError } from '../access/to-request-error.ts';
import { callKey } from './call.ts';
import type { GrpcDoor } from './door.ts';
import { OrderService } from './generated/orders/v1/order_service_pb.ts';
import {
  addOrderItemMethod,
  addOrderItemRules,
  removeOrderItemMethod,
  removeOrderItemRules,
  updateOrderItemMethod,
  updateOrderItemRules,
} from './methods/amend-items.ts';
import { cancelOrderMethod, cancelOrderRules } from './methods/cancel-order.ts';
import { createOrderMethod, createOrderRules } from './methods/create-order.ts';
import { getOrderMethod, getOrderRules } from './methods/get-order.ts';
import { listOrdersMethod, listOrdersRules } from './methods/list-orders.ts';
import { updateOrderStatusMethod, updateOrderStatusRules } from './methods/update-order-status.ts';
import { watchOrderMethod, watchOrderRules } from './methods/watch-order.ts';
import { createServeCall } from './serve-call.ts';
import { statusOf } from './status-of.ts';

/** A command is a few lines of text. */
const MAX_COMMAND_BYTES = 64_000;

/** What is larger: a thousand lines of an order, or of a shipment. */
const MAX_ORDER_BYTES = 256_000;
const MAX_SHIPMENT_BYTES = 128_000;

/** Adds `orders.v1.OrderService` to the router, each method with the size of message that it takes. */
export function routeOrderService(router: ConnectRouter, door: GrpcDoor): void {
  const { method } = OrderService;
  const { watchOrder, ...unary } = orderService(door);
  const readMaxBytes = MAX_COMMAND_BYTES;
  router
    .rpc(method.createOrder, unary.createOrder, { readMaxBytes: MAX_ORDER_BYTES })
    .rpc(method.getOrder, unary.getOrder, { readMaxBytes })
    .rpc(method.listOrders, unary.listOrders, { readMaxBytes })
    .rpc(method.updateOrderStatus, unary.updateOrderStatus, { readMaxBytes: MAX_SHIPMENT_BYTES })
    .rpc(method.cancelOrder, unary.cancelOrder, { readMaxBytes })
    .rpc(method.addOrderItem, unary.addOrderItem, { readMaxBytes })
    .rpc(method.updateOrderItem, unary.updateOrderItem, { readMaxBytes })
    .rpc(method.removeOrderItem, unary.removeOrderItem, { readMaxBytes })
    .rpc(method.watchOrder, watchOrder, { readMaxBytes });
}

function orderService(door: GrpcDoor): ServiceImpl<typeof OrderService> {
  const serve = createServeCall(door);
  const { method } = OrderService;
  const openWatch = serve(watchOrderRules, method.watchOrder.input, watchOrderMethod(door));
  return {
    createOrder: serve(createOrderRules, method.createOrder.input, createOrderMethod(door)),
    getOrder: serve(getOrderRules, method.getOrder.input, getOrderMethod(door)),
    listOrders: serve(listOrdersRules, method.listOrders.input, listOrdersMethod(door)),
    updateOrderStatus: serve(updateOrderStatusRules, method.updateOrderStatus.input, updateOrderStatusMethod(door)),
    cancelOrder: serve(cancelOrderRules, method.cancelOrder.input, cancelOrderMethod(door)),
    addOrderItem: serve(addOrderItemRules, method.addOrderItem.input, addOrderItemMethod(door)),
    updateOrderItem: serve(updateOrderItemRules, method.updateOrderItem.input, updateOrderItemMethod(door)),
    removeOrderItem: serve(removeOrderItemRules, method.removeOrderItem.input, removeOrderItemMethod(door)),
    watchOrder: async function* watchOrder(message, handler) {
      const updates = await openWatch(message, handler);
      const call = handler.values.get(callKey);
      if (call) call.openedAfterMs = performance.now() - call.startedAtMs;
      try {
        yield* updates;
      } catch (error) {
        // Such as a process that stops: the client goes on elsewhere.
        const failure = toRequestError(error);
        if (call) call.reason = failure.code;
        throw statusOf(failure, call?.requestId ?? '');
      }
    },
  };
}
