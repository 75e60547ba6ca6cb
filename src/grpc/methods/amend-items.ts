import { z } from 'zod';
import { amendItems, type WantedAmendment } from '../../orders/amend-items.ts';
import { checkRequest } from '../../orders/check-request.ts';
import { cancelRequest } from '../../orders/command-requests.ts';
import { findVisibleOrder, orderReaders } from '../../orders/find-visible-order.ts';
import { itemRequest, quantityRequest } from '../../orders/order-request.ts';
import { answerOutcome } from '../answer-outcome.ts';
import type { GrpcDoor } from '../door.ts';
import { readIdempotencyKey } from '../idempotency-key.ts';
import { asPatientAs } from '../patience.ts';
import { takeOrderId, type PlainRequest } from '../read-message.ts';
import type { CallContext, MethodRules } from '../serve-call.ts';

const amendmentRules = {
  roles: ['customer', ...orderReaders],
  isAction: true,
  toOne: true,
} as const satisfies Omit<MethodRules, 'operation'>;

export const addOrderItemRules = { ...amendmentRules, operation: 'addItem' } as const;
export const updateOrderItemRules = { ...amendmentRules, operation: 'changeItem' } as const;
export const removeOrderItemRules = { ...amendmentRules, operation: 'removeItem' } as const;

/** `AddOrderItem`: adds an item to an order. */
export function addOrderItemMethod(door: GrpcDoor) {
  return amendmentMethod(door, (request) => ({ change: 'add', ...checkRequest(itemRequest, request) }));
}

/** `UpdateOrderItem`: sets an item's quantity. */
export function updateOrderItemMethod(door: GrpcDoor) {
  return amendmentMethod(door, ({ item_id: itemId, ...rest }) => ({
    change: 'set',
    item_id: checkRequest(z.uuid(), itemId, '/item_id'),
    ...checkRequest(quantityRequest, rest),
  }));
}

/** `RemoveOrderItem`: removes an item from an order. */
export function removeOrderItemMethod(door: GrpcDoor) {
  return amendmentMethod(door, ({ item_id: itemId, ...rest }) => ({
    change: 'remove',
    item_id: checkRequest(z.uuid(), itemId, '/item_id'),
    ...checkRequest(cancelRequest, rest),
  }));
}

/** `toWanted` reads the part of the request that says what is to change, and why if the request says so. */
function amendmentMethod(
  { orders }: GrpcDoor,
  toWanted: (request: PlainRequest) => WantedAmendment & { readonly reason?: string | undefined },
) {
  return async ({ caller, request, metadata }: CallContext) => {
    const key = readIdempotencyKey(metadata);
    const { orderId, rest } = takeOrderId(request);
    const { expected_version: expected, ...asked } = rest;
    const expectedVersion = checkRequest(z.int().optional(), expected, '/expected_version');
    const { reason, ...wanted } = toWanted(asked);
    const order = await findVisibleOrder(orders.db, caller, orderId);
    const options = { key, expectedVersion, reason };
    return answerOutcome(await amendItems(asPatientAs(metadata, orders), caller, order, wanted, options));
  };
}
