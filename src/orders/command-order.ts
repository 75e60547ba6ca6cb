import type { CommandName, Commands } from '../domain/messages.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { CommandReply } from '../temporal/order-commands.ts';
import type { OrderDependencies } from './dependencies.ts';
import { refuseCommand } from './refuse-command.ts';

/** What sending a command to an order's workflow takes. */
export type CommandDependencies = Pick<OrderDependencies, 'db' | 'commands' | 'waitMs'>;

/** An order after a command, and whether the command is done; if not, it is accepted and still under way. */
export interface CommandOutcome {
  readonly order: OrderWithItems;
  readonly isDone: boolean;
}

/**
 * Sends a command to the order's workflow, waits up to `waitMs` for its outcome, and reads the order again.
 * Throws a `Refusal` when the workflow refuses it; rejects with an `TemporalUnavailableError`.
 */
export async function commandOrder<Name extends CommandName>(
  { db, commands, waitMs }: CommandDependencies,
  order: OrderWithItems,
  name: Name,
  command: Commands[Name],
): Promise<{ readonly reply: CommandReply; readonly order: OrderWithItems }> {
  const reply = await commands.send(order.id, name, command, waitMs).catch(refuseCommand);
  return { reply, order: (await findOrderWithItems(db, order.id)) ?? order };
}
