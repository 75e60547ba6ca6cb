import { cancelOrder } from '../../orders/cancel-order.ts';
import { checkRequest } from '../../orders/check-request.ts';
import { cancelRequest } from '../../orders/command-requests.ts';
import { findVisibleOrder, orderReaders } from '../../orders/find-visible-order.ts';
import { answerOutcome } from '../answer-outcome.ts';
import type { GrpcDoor } from '../door.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { asPatientAs } from '../patience.ts';
import { takeOrderId } from '../read-message.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';
import { NO_REASON } from '../../domain/told-reason.ts';

export const cancelOrderRules = {
  operation: 'cancelOrder',
  roles: ['customer', ...orderReaders],
  isAction: true,
  toOne: true,
} as const satisfies MethodRules;

/** `CancelOrder`: cancels an order. */
export function cancelOrderMethod({ orders }: GrpcDoor) {
  return async ({ caller, request, metadata }: CallContext) => {
    const key = readIdempotencyKey(metadata);
    const { orderId, rest } = takeOrderId(request);
    const { reason = NO_REASON } = checkRequest(cancelRequest, rest);
    const order = await findVisibleOrder(orders.db, caller, orderId);
    return answerOutcome(await cancelOrder(asPatientAs(metadata, orders), caller, order, { reason, key }));
  };
}
