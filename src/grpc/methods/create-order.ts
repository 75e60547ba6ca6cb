import { checkRequest } from '../../orders/check-request.ts';
import { hashRequest } from '../../orders/idempotency.ts';
import { completePlacing } from '../../orders/order-outcome.ts';
import { orderRequestSchema } from '../../orders/order-request.ts';
import { placeOrder } from '../../orders/place-order.ts';
import { answerOutcome } from '../answer-outcome.ts';
import type { GrpcDoor } from '../door.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { asPatientAs } from '../patience.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';

export const createOrderRules = {
  operation: 'createOrder',
  roles: ['customer', 'service', 'admin'],
  isAction: true,
  toOne: false,
} as const satisfies MethodRules;

/** `CreateOrder`: accepts an order, starts its saga and waits a while for the outcome. */
export function createOrderMethod({ orders, access }: GrpcDoor) {
  const schema = orderRequestSchema(orders.rules);
  return async ({ caller, request, metadata }: CallContext) => {
    const key = readIdempotencyKey(metadata);
    const wanted = checkRequest(schema, request);
    const keyed = key === undefined ? null : { subject: caller.subject, key, bodyHash: hashRequest(request) };
    const { waitMs } = asPatientAs(metadata, orders);
    const placed = await access.acceptance(() => placeOrder(orders, caller, wanted, keyed));
    const order = await completePlacing(orders, placed, waitMs);
    // An order that was confirmed once is a success, also if it was cancelled since.
    return answerOutcome({ order, isDone: order.confirmedAt !== null });
  };
}
