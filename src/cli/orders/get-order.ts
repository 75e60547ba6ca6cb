import type { Cli } from './connect.ts';
import { formatOrder } from './show-order.ts';

/** `orders get`: an order with its items and history. */
export async function runGetCommand({ client, json, print, printJson }: Cli, id: string): Promise<void> {
  const [order, history] = await Promise.all([client.getOrder({ id }), client.listOrderHistory({ id })]);
  if (json) printJson({ ...order, history: history.data });
  else print(formatOrder(order, history.data));
}
