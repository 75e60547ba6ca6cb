import type { Caller } from '../domain/caller.ts';
import type { ReviewDecision } from '../domain/order-review.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { commandOrder, type CommandDependencies, type CommandOutcome } from './command-order.ts';
import { claimCommandId } from './idempotency.ts';

/**
 * Decides on an order that waits for a person to review it, which then goes on or is cancelled. Throws VALIDATION when it doesn't wait, and
 * IDEMPOTENCY_KEY_REUSED.
 */
export async function decideReview(
  dependencies: CommandDependencies,
  caller: Caller,
  before: OrderWithItems,
  decided: { readonly decision: ReviewDecision; readonly reason: string },
  key: string | undefined,
): Promise<CommandOutcome> {
  const target = { target: before.id, name: 'reviewOrder' } as const;
  const { reply, order } = await commandOrder(dependencies, before, 'reviewOrder', {
    actor: caller.actor,
    command_id: await claimCommandId(dependencies.db, caller, target, { key, asked: decided }),
    ...decided,
  });
  return { order, isDone: reply.outcome === 'done' };
}
