import type { CommandName, Commands } from '../domain/messages.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { CommandReply } from '../temporal/order-commands.ts';
import type { Api } from '../http/api.ts';
import type { OrderWithItems } from '../domain/order.ts';

/** What a command came to, and the order as it stands afterwards. */
export interface Commanded {
  readonly reply: CommandReply;
  readonly order: OrderWithItems;
}

/** Sends a command to the order's saga, waits up to `ORDER_WAIT` for what it comes to, and reads the order back. */
export async function commandOrder<Name extends CommandName>(
  { commands, config, database }: Api,
  order: OrderWithItems,
  name: Name,
  command: Commands[Name],
): Promise<Commanded> {
  const reply = await commands.send(order.id, name, command, config.order.waitMs);
  return { reply, order: (await findOrderWithItems(database.db, order.id)) ?? order };
}
