import type { AmendItemsCommand, Command } from '../domain/messages.ts';
import { priceItem, type AskedItem } from '../domain/item-price.ts';
import { formatMoney } from '../domain/money.ts';
import { commandOrder, type CommandDependencies } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { versionConflict } from '../domain/refusal.ts';
import { claimCommandId, type KeyedRequest } from './idempotency.ts';

/** Amends an order by its workflow, and returns the order afterwards; `isDone` unless it takes longer than a caller waits. */
export async function amended(
  dependencies: CommandDependencies,
  caller: Caller,
  order: OrderWithItems,
  change: Omit<AmendItemsCommand, keyof Command>,
  request: KeyedRequest,
  why = 'items amended',
): Promise<{ readonly after: OrderWithItems; readonly isDone: boolean }> {
  const isStale = change.expected_version !== undefined && change.expected_version !== order.version;
  if (isStale && request.key === undefined) throw versionConflict(order.version, order.id);
  const command = {
    actor: caller.actor,
    reason: why,
    command_id: await claimCommandId(dependencies.db, caller, { target: order.id, name: 'amendItems' }, request),
    ...change,
  };
  const { reply, order: after } = await commandOrder(dependencies, order, 'amendItems', command);
  return { after, isDone: reply.outcome === 'done' };
}

/** The price at which a product is added, as a decimal amount: the catalogue's, or the caller's if the caller may set prices. */
export async function agreedPrice(
  { gateways }: Pick<OrderDependencies, 'gateways'>,
  caller: Caller,
  { currency }: OrderWithItems,
  item: AskedItem,
): Promise<string> {
  const { sku, product_id: id } = item;
  const [offer] = await gateways.inventory.findProducts({
    skus: sku === undefined ? [] : [sku],
    ids: id === undefined ? [] : [id],
  });
  const { unitPriceMinor } = priceItem(offer, item, { currency, maySetPrices: hasRole(caller, priceSetters) });
  return formatMoney(unitPriceMinor, currency);
}
