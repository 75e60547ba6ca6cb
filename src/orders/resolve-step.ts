import type { Caller } from '../domain/caller.ts';
import type { Command, ResolveStepCommand } from '../domain/messages.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { commandOrder, type CommandDependencies, type CommandOutcome } from './command-order.ts';
import { claimCommandId } from './idempotency.ts';

/** What an operator decides about a step that is parked. */
export type StepResolution = Omit<ResolveStepCommand, keyof Command> & Pick<Command, 'reason'>;

/** Resolves a parked step, so that the saga continues. Throws VALIDATION when no such step is parked, and IDEMPOTENCY_KEY_REUSED. */
export async function resolveStep(
  dependencies: CommandDependencies,
  caller: Caller,
  before: OrderWithItems,
  resolution: StepResolution,
  key: string | undefined,
): Promise<CommandOutcome> {
  const target = { target: before.id, name: 'resolveStep' } as const;
  const { reply, order } = await commandOrder(dependencies, before, 'resolveStep', {
    actor: caller.actor,
    command_id: await claimCommandId(dependencies.db, caller, target, { key, asked: resolution }),
    ...resolution,
  });
  return { order, isDone: reply.outcome === 'done' };
}
