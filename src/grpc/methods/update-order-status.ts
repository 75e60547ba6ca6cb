import { staff } from '../../domain/caller.ts';
import { changeStatus } from '../../orders/change-status.ts';
import { checkRequest } from '../../orders/check-request.ts';
import { statusRequest } from '../../orders/command-requests.ts';
import { findVisibleOrder } from '../../orders/find-visible-order.ts';
import { answerOutcome } from '../answer-outcome.ts';
import type { GrpcDoor } from '../door.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { asPatientAs } from '../patience.ts';
import { takeOrderId, withoutPrefix } from '../read-message.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';

export const updateOrderStatusRules = {
  operation: 'changeStatus',
  roles: staff,
  isAction: true,
  toOne: true,
} as const satisfies MethodRules;

/** `UpdateOrderStatus`: staff move an order through fulfilment, or cancel it. */
export function updateOrderStatusMethod({ orders }: GrpcDoor) {
  return async ({ caller, request, metadata }: CallContext) => {
    const key = readIdempotencyKey(metadata);
    const { orderId, rest } = takeOrderId(request);
    const status = withoutPrefix(rest['status'], 'ORDER_STATUS_');
    const change = checkRequest(statusRequest, { ...rest, status });
    const order = await findVisibleOrder(orders.db, caller, orderId);
    return answerOutcome(await changeStatus(asPatientAs(metadata, orders), caller, order, change, key));
  };
}
