import type { Order } from '../../client/client.ts';
import { CliError, UsageError } from './cli-error.ts';
import type { Cli } from './connect.ts';
import { formatOrderLine } from './show-order.ts';

/** What is returned, and why. */
export interface ReturnOptions {
  readonly item?: readonly string[];
  readonly all?: boolean;
  readonly reason: string;
}

/** `orders return`: returns goods for a refund, by line or SKU, or all that is left of the order. */
export async function runReturnCommand(
  cli: Cli,
  id: string,
  { item = [], all = false, reason }: ReturnOptions,
): Promise<void> {
  if (all === item.length > 0)
    throw new UsageError('Say what is returned: --item SKU:QUANTITY, once or more, or --all.');
  const order = await cli.client.getOrder({ id });
  const items = all ? listItemsLeft(order) : item.map((text) => findReturnedItem(text, order));
  const after = await cli.client.returnItems({ id, body: { items, reason } });
  if (cli.json) cli.printJson(after);
  else cli.print(formatOrderLine(after));
  if (after.status === 'DELIVERED') cli.note(`refunded so far: ${after.refunded_amount} ${after.currency}`);
}

/** What was shipped and has not been returned; before anything is shipped all of it, which the API refuses with the reason. */
function listItemsLeft({ items, order_number: number }: Order): { item_id: string; quantity: number }[] {
  if (items.every(({ shipped_quantity: shipped }) => shipped === 0))
    return items.map(({ id, quantity }) => ({ item_id: id, quantity }));
  const left = items
    .map((line) => ({ item_id: line.id, quantity: line.shipped_quantity - line.returned_quantity }))
    .filter(({ quantity }) => quantity > 0);
  if (left.length === 0) throw new CliError(`Nothing of ${number} is left to return.`);
  return left;
}

/** `ID:QTY` or `SKU:QTY`; a SKU on several lines is ambiguous and refused. */
function findReturnedItem(text: string, { items, order_number: number }: Order): { item_id: string; quantity: number } {
  const [, name, quantity] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  if (name === undefined)
    throw new UsageError(`"${text}" is not an item to return. Write SKU:QUANTITY or ITEM_ID:QUANTITY.`);
  const lines = items.filter(({ id, sku }) => id === name || sku === name);
  const [line] = lines;
  if (line === undefined) {
    throw new UsageError(`${number} has no "${name}": its lines are ${items.map(({ sku }) => sku).join(', ')}.`);
  }
  if (lines.length > 1) {
    const ids = lines.map(({ id, quantity: bought }) => `${id} (${bought})`).join(', ');
    throw new UsageError(`"${name}" is on several lines of ${number}. Give the id of one: ${ids}.`);
  }
  return { item_id: line.id, quantity: Number(quantity) };
}
