import { answerOf } from '../../client/client.ts';
import type { Cli } from './connect.ts';
import { orderText } from './show-order.ts';

/** `orders get`: an order with its items and history. */
export async function getOrder({ client, json, print, printJson }: Cli, id: string): Promise<void> {
  const at = { param: { id } };
  const [order, history] = await Promise.all([
    answerOf(client.orders[':id'].$get(at)),
    answerOf(client.orders[':id'].history.$get(at)),
  ]);
  if (json) printJson({ ...order, history: history.data });
  else print(orderText(order, history.data));
}
