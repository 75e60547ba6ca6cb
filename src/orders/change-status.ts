import type { Caller } from '../domain/caller.ts';
import type { ItemQuantity } from '../domain/order-return.ts';
import { allowedAfter, canTransition, isFulfilmentStatus, type OrderStatus } from '../domain/order-status.ts';
import { isSameTracking, type OrderWithItems } from '../domain/order.ts';
import { invalidRequest, Refusal } from '../domain/refusal.ts';
import type { Db } from '../repositories/schema.ts';
import { findChange } from '../repositories/write-change.ts';
import { cancelOrder } from './cancel-order.ts';
import { commandOrder, type CommandDependencies, type CommandOutcome } from './command-order.ts';
import { claimCommandId } from './idempotency.ts';

/** The status that an order is to have. */
export interface StatusChange {
  readonly status: OrderStatus;
  readonly reason: string;
  /** How the goods travel; a text is the number. */
  readonly tracking?:
    | string
    | { readonly carrier?: string | undefined; readonly number?: string | undefined }
    | undefined;
  /** With SHIPPED: what leaves with this shipment; everything that is left unless given. */
  readonly items?: readonly ItemQuantity[] | undefined;
}

/**
 * Moves an order through fulfilment, or cancels it. A partial shipment is done although the order does not have the status yet.
 * Throws ORD005 for a status that can't follow or that only a saga sets, ORD006, VALIDATION and IDEMPOTENCY_KEY_REUSED.
 */
export async function changeStatus(
  dependencies: CommandDependencies,
  caller: Caller,
  order: OrderWithItems,
  change: StatusChange,
  key: string | undefined,
): Promise<CommandOutcome> {
  const { status, reason, items } = change;
  if (items && status !== 'SHIPPED') {
    throw invalidRequest([{ pointer: '/items', message: 'goes with the status SHIPPED only' }]);
  }
  if (status === 'CANCELLED') return cancelOrder(dependencies, caller, order, { reason, key });
  const target = { target: order.id, name: 'changeStatus' } as const;
  const id = await claimCommandId(dependencies.db, caller, target, { key, asked: change });
  if (status === order.status) {
    await requireNothingNew(dependencies.db, order, change, id);
    return { order, isDone: true };
  }
  if (!canTransition(order.status, status)) throw notAllowed(order, status, 'The status table does not allow it.');
  if (!isFulfilmentStatus(status)) throw notAllowed(order, status, 'Only the saga of the order sets it.');
  const { carrier, number } = trackingOf(change);
  const { order: after, reply } = await commandOrder(dependencies, order, 'changeStatus', {
    actor: caller.actor,
    reason,
    command_id: id,
    status,
    ...(carrier !== undefined && { carrier }),
    ...(number !== undefined && { tracking_number: number }),
    ...(items && { items }),
  });
  return { order: after, isDone: reply.outcome === 'done' || after.status === status };
}

function trackingOf({ tracking = {} }: StatusChange): Exclude<StatusChange['tracking'], string | undefined> {
  return typeof tracking === 'string' ? { number: tracking } : tracking;
}

/** Throws ORD005 for a change to the status that the order has, if it says more than the status: nothing of that would be done. */
async function requireNothingNew(
  db: Db,
  order: OrderWithItems,
  change: StatusChange,
  commandId: string,
): Promise<void> {
  const isNew = change.items !== undefined || !isSameTracking(order.tracking, trackingOf(change));
  if (!isNew || (await findChange(db, order.id, `command:${commandId}`))) return;
  const { id, status } = order;
  const message = change.items
    ? 'nothing is left to ship.'
    : `its tracking stays as it is. Correct it with PATCH /api/v1/orders/${id}/shipments/{shipment_id}.`;
  throw new Refusal('ORD005', `The order is ${status} already: ${message}`, {
    details: [{ from: status, to: status, allowed: allowedAfter(status) }],
    orderId: id,
  });
}

function notAllowed({ id, status: from }: OrderWithItems, to: OrderStatus, why: string): Refusal {
  return new Refusal('ORD005', `The order is ${from} and can't be set to ${to}. ${why}`, {
    details: [{ from, to, allowed: allowedAfter(from) }],
    orderId: id,
  });
}
