import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { ConnectRouter, HandlerContext, MethodImpl } from '@connectrpc/connect';
import { toRequestError } from '../access/to-request-error.ts';
import { callKey, type Call } from './call.ts';
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
import { toPlainMethod, type PlainMethod } from './plain-method.ts';
import { createServeCall, type Serve } from './serve-call.ts';
import { statusOf } from './status-of.ts';

/** A command is a few lines of text. */
const MAX_COMMAND_BYTES = 64_000;

/** What is larger: a thousand lines of an order, or of a shipment. */
const MAX_ORDER_BYTES = 256_000;
const MAX_SHIPMENT_BYTES = 128_000;

/**
 * Adds `orders.v1.OrderService` to the router, each method with the size of message that it takes. Answers the methods that answer once by their
 * paths, as plain gRPC calls them.
 */
export function routeOrderService(router: ConnectRouter, door: GrpcDoor): ReadonlyMap<string, PlainMethod> {
  const { method } = OrderService;
  const serve = createServeCall(door);
  const plain = new Map<string, PlainMethod>();
  const add = <In extends DescMessage, Out extends DescMessage>(
    desc: DescMethodUnary<In, Out>,
    answer: Serve<In, MessageInitShape<Out>>,
    readMaxBytes = MAX_COMMAND_BYTES,
  ) => {
    router.rpc(desc, (message, context) => answer(message, callOf(context), context), { readMaxBytes });
    plain.set(`/${OrderService.typeName}/${desc.name}`, toPlainMethod(desc, answer, readMaxBytes));
  };
  const { createOrder, getOrder, listOrders, updateOrderStatus, cancelOrder } = method;
  const { addOrderItem, updateOrderItem, removeOrderItem } = method;
  add(createOrder, serve(createOrderRules, createOrder.input, createOrderMethod(door)), MAX_ORDER_BYTES);
  add(getOrder, serve(getOrderRules, getOrder.input, getOrderMethod(door)));
  add(listOrders, serve(listOrdersRules, listOrders.input, listOrdersMethod(door)));
  add(
    updateOrderStatus,
    serve(updateOrderStatusRules, updateOrderStatus.input, updateOrderStatusMethod(door)),
    MAX_SHIPMENT_BYTES,
  );
  add(cancelOrder, serve(cancelOrderRules, cancelOrder.input, cancelOrderMethod(door)));
  add(addOrderItem, serve(addOrderItemRules, addOrderItem.input, addOrderItemMethod(door)));
  add(updateOrderItem, serve(updateOrderItemRules, updateOrderItem.input, updateOrderItemMethod(door)));
  add(removeOrderItem, serve(removeOrderItemRules, removeOrderItem.input, removeOrderItemMethod(door)));
  router.rpc(method.watchOrder, watchOrder(door), { readMaxBytes: MAX_COMMAND_BYTES });
  return plain;
}

function watchOrder(door: GrpcDoor): MethodImpl<typeof OrderService.method.watchOrder> {
  const { input } = OrderService.method.watchOrder;
  const open = createServeCall(door)(watchOrderRules, input, watchOrderMethod(door));
  return async function* watch(message: MessageShape<typeof input>, context: HandlerContext) {
    const call = callOf(context);
    const updates = await open(message, call, context);
    call.openedAfterMs = performance.now() - call.startedAtMs;
    try {
      yield* updates;
    } catch (error) {
      // Such as a process that stops: the client goes on elsewhere.
      const failure = toRequestError(error);
      call.reason = failure.code;
      throw statusOf(failure, call.requestId);
    }
  };
}

/** The call that a handler of Connect works for, whose id it answers. */
function callOf({ values, responseHeader }: HandlerContext): Call {
  const call = values.get(callKey);
  if (!call) throw new Error('a call was not opened');
  responseHeader.set('x-request-id', call.requestId);
  return call;
}
