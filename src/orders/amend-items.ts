import { uuidv7 } from 'uuidv7';
import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import { priceItem, type AskedItem } from '../domain/item-price.ts';
import type { AmendItemsCommand, Command } from '../domain/messages.ts';
import { formatMoney } from '../domain/money.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal, versionConflict } from '../domain/refusal.ts';
import { commandOrder, type CommandOutcome } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { claimCommandId } from './idempotency.ts';

/** How a caller wants an order's lines to change. */
export type WantedAmendment =
  | ({ readonly change: 'add'; readonly quantity: number } & AskedItem)
  | { readonly change: 'set'; readonly item_id: string; readonly quantity: number }
  | { readonly change: 'remove'; readonly item_id: string };

/** What goes with an amendment. */
export interface AmendmentOptions {
  readonly key: string | undefined;
  /** The version that the caller saw, if it must still be the order's. */
  readonly expectedVersion: number | undefined;
  readonly reason?: string | undefined;
}

type Dependencies = Pick<OrderDependencies, 'db' | 'commands' | 'gateways' | 'waitMs'>;

/**
 * Adds, changes or removes an item of an order; stock and money follow. Throws ORD004 for an item that the order doesn't have, ORD002 or
 * ORD003 when stock or payment is refused, which leaves the order unchanged, ORD005, VALIDATION, PRICE_CHANGED, VERSION_CONFLICT and
 * IDEMPOTENCY_KEY_REUSED.
 */
export async function amendItems(
  dependencies: Dependencies,
  caller: Caller,
  order: OrderWithItems,
  wanted: WantedAmendment,
  { key, expectedVersion, reason }: AmendmentOptions,
): Promise<CommandOutcome> {
  // A repeated request may find that its item is removed already: the workflow knows how that ended.
  if (wanted.change === 'set' || (wanted.change === 'remove' && key === undefined)) requireItem(order, wanted.item_id);
  const change = wanted.change === 'add' ? await priceAddition(dependencies, caller, order, wanted) : wanted;
  const isStale = expectedVersion !== undefined && expectedVersion !== order.version;
  if (isStale && key === undefined) throw versionConflict(order.version, order.id);
  const target = { target: order.id, name: 'amendItems' } as const;
  const commandId = await claimCommandId(dependencies.db, caller, target, { key, asked: { ...wanted, reason } });
  const { reply, order: after } = await commandOrder(dependencies, order, 'amendItems', {
    actor: caller.actor,
    reason: reason ?? 'items amended',
    command_id: commandId,
    ...change,
    ...(expectedVersion !== undefined && { expected_version: expectedVersion }),
  });
  return { order: after, isDone: reply.outcome === 'done' };
}

function requireItem({ id: orderId, items }: OrderWithItems, itemId: string): void {
  if (items.some(({ id }) => id === itemId)) return;
  throw new Refusal('ORD004', `The order has no item ${itemId}.`, { orderId });
}

/** The command's part that adds an item, at the catalogue's price or at the caller's if the caller may set prices. */
async function priceAddition(
  { gateways }: Dependencies,
  caller: Caller,
  { currency }: OrderWithItems,
  { change, quantity, ...item }: Extract<WantedAmendment, { change: 'add' }>,
): Promise<Omit<AmendItemsCommand, keyof Command>> {
  const { sku, product_id: productId } = item;
  const [product] = await gateways.inventory.findProducts({
    skus: sku === undefined ? [] : [sku],
    ids: productId === undefined ? [] : [productId],
  });
  const { unitPriceMinor } = priceItem(product, item, { currency, maySetPrices: hasRole(caller, priceSetters) });
  return {
    change,
    item_id: uuidv7(),
    quantity,
    ...(sku !== undefined && { sku }),
    ...(productId !== undefined && { product_id: productId }),
    unit_price: formatMoney(unitPriceMinor, currency),
  };
}
