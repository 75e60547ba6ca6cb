import { asksForMore, requireGoodsHere } from '../domain/amend-order.ts';
import { hasRole, priceSetters, type Caller } from '../domain/caller.ts';
import { priceItem, type AskedItem } from '../domain/item-price.ts';
import type { AmendItemsCommand, Command } from '../domain/messages.ts';
import { formatMoney } from '../domain/money.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { Refusal, versionConflict } from '../domain/refusal.ts';
import { requireActiveCustomer } from '../domain/require-active-customer.ts';
import { findAmendment } from '../repositories/amendments.ts';
import { commandOrder, type CommandOutcome } from './command-order.ts';
import type { OrderDependencies } from './dependencies.ts';
import { findAmendmentFacts } from './find-amendment-facts.ts';
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

type Dependencies = Pick<OrderDependencies, 'db' | 'commands' | 'gateways' | 'waitMs' | 'rules'>;

/**
 * Adds, changes or removes an item of an order; stock and money follow. Throws ORD004 for an item that the order doesn't have, ORD002 or
 * ORD003 when stock or payment is refused, which leaves the order unchanged, ORD001 for more to a customer who may not order, ORD005,
 * VALIDATION, PRICE_CHANGED, VERSION_CONFLICT and IDEMPOTENCY_KEY_REUSED.
 */
export async function amendItems(
  dependencies: Dependencies,
  caller: Caller,
  order: OrderWithItems,
  wanted: WantedAmendment,
  { key, expectedVersion, reason }: AmendmentOptions,
): Promise<CommandOutcome> {
  const target = { target: order.id, name: 'amendItems' } as const;
  const commandId = await claimCommandId(dependencies.db, caller, target, { key, asked: { ...wanted, reason } });
  const command = { actor: caller.actor, reason: reason ?? 'items amended', command_id: commandId, ...wanted };
  // An amendment that is on record was decided on: the workflow gives its answer again.
  const isRepeated = key !== undefined && (await findAmendment(dependencies.db, order.id, commandId)) !== undefined;
  if (!isRepeated) requireCurrent(order, wanted, { key, expectedVersion });
  const { reply, order: after } = await commandOrder(dependencies, order, 'amendItems', {
    ...(isRepeated ? command : await checkAddition(dependencies, caller, order, command)),
    ...(expectedVersion !== undefined && { expected_version: expectedVersion }),
  });
  return { order: after, isDone: reply.outcome === 'done' };
}

/** A request with a key may repeat one that the workflow knows, such as one that has removed its item. */
function requireCurrent(
  order: OrderWithItems,
  wanted: WantedAmendment,
  { key, expectedVersion }: Pick<AmendmentOptions, 'key' | 'expectedVersion'>,
): void {
  if (wanted.change === 'set' || (wanted.change === 'remove' && key === undefined)) requireItem(order, wanted.item_id);
  const isStale = expectedVersion !== undefined && expectedVersion !== order.version;
  if (isStale && key === undefined) throw versionConflict(order.version, order.id);
}

function requireItem({ id: orderId, items }: OrderWithItems, itemId: string): void {
  if (items.some(({ id }) => id === itemId)) return;
  throw new Refusal('ORD004', `The order has no item ${itemId}.`, { orderId });
}

/**
 * The command, with the price of an item that it adds: the catalogue's, or the caller's if the caller may set prices. Throws ORD001 if it
 * asks for more and the customer may not order.
 */
async function checkAddition(
  { gateways, rules }: Dependencies,
  caller: Caller,
  order: OrderWithItems,
  command: Command & WantedAmendment,
): Promise<AmendItemsCommand> {
  const { currency } = order;
  const terms = { details: undefined, taxRates: rules.taxRates };
  requireGoodsHere(order, command);
  const { product, customer, newItemId } = await findAmendmentFacts(gateways, order, command, terms);
  if (asksForMore(order, command, terms)) requireActiveCustomer(customer);
  if (command.change !== 'add') return command;
  const { unitPriceMinor } = priceItem(product, command, { currency, maySetPrices: hasRole(caller, priceSetters) });
  return { ...command, item_id: newItemId, unit_price: formatMoney(unitPriceMinor, currency) };
}
