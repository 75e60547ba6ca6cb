import { hasRole, staff, type Caller } from '../domain/caller.ts';
import { isCompleted, type ItemQuantity } from '../domain/order-return.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import { findReturn } from '../repositories/returns.ts';
import { CommandRefusedError, TemporalUnavailableError } from '../temporal/order-commands.ts';
import type { CommandOutcome } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { keyedId } from './keyed-id.ts';
import { openReturn, type ReturnRequest } from './open-return.ts';

/** Which delivered goods come back, and why. */
export interface WantedReturn {
  readonly items: readonly ItemQuantity[];
  readonly reason: string;
}

/**
 * Returns delivered goods, whole or in part, and refunds them; after the return window, and
 * before delivery, only staff may. A return that is accepted is on
 * record and will be done; the same key is the same return. Throws ORD005, VALIDATION and IDEMPOTENCY_KEY_REUSED.
 */
export async function returnItems(
  dependencies: Pick<OrderDependencies, 'db' | 'announcer' | 'commands' | 'logger' | 'waitMs' | 'returnWindowMs'>,
  caller: Caller,
  order: OrderWithItems,
  { items, reason }: WantedReturn,
  key: string | undefined,
): Promise<CommandOutcome> {
  const { db, returnWindowMs } = dependencies;
  const wanted = {
    id: keyedId(key, [order.id, caller.subject]),
    orderId: order.id,
    items,
    actor: caller.actor,
    reason,
  };
  // Staff decide themselves whether a return is too late, or a parcel was refused.
  const window = hasRole(caller, staff) ? {} : { windowMs: returnWindowMs };
  await openReturn(dependencies, { ...wanted, ...window });
  const isTold = await tellWorkflow(dependencies, wanted);
  // A workflow that was resumed for the return may have ended before it could answer.
  const isDone = isTold || isCompleted((await findReturn(db, wanted.id))?.state ?? 'OPEN');
  return { order: (await findOrderWithItems(db, order.id)) ?? order, isDone };
}

/** Returns whether the return is done by now. It is on record: if its workflow can't be told now, the relay tells it later. */
async function tellWorkflow(
  { commands, logger, waitMs }: Pick<OrderDependencies, 'commands' | 'logger' | 'waitMs'>,
  { id, orderId, actor, reason }: ReturnRequest,
): Promise<boolean> {
  const command = { actor, reason, command_id: id, return_id: id };
  try {
    const reply = await commands.send(orderId, 'returnItems', command, waitMs);
    return reply.outcome === 'done';
  } catch (error) {
    if (!(error instanceof TemporalUnavailableError) && !(error instanceof CommandRefusedError)) throw error;
    logger.info({ order_id: orderId, err: error }, 'return not told of, left to the relay');
    return false;
  }
}
