import type { Cli } from './connect.ts';
import { orderText } from './show-order.ts';

/** `orders get`: an order with its items and history. */
export async function getOrder({ client, json, print, printJson }: Cli, id: string): Promise<void> {
  const [order, history] = await Promise.all([client.getOrder({ id }), client.listOrderHistory({ id })]);
  if (json) printJson({ ...order, history: history.data });
  else print(orderText(order, history.data));
}
