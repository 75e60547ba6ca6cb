import type { AmendedOrder } from './amendment.ts';
import { requireEditable, taxRateWith, type OrderDetails } from './edit-order.ts';
import { priceItem, type Offer } from './item-price.ts';
import { addUnits, countUnits, findPortions, takeUnits } from './line-portions.ts';
import type { AmendItemsCommand } from './messages.ts';
import type { AmendmentRules } from './order-rules.ts';
import { allowedAfter } from './order-status.ts';
import { hasShipped, isPaidOutside, isWithoutGoods, type OrderItem, type OrderWithItems } from './order.ts';
import { invalidRequest, Refusal, versionConflict } from './refusal.ts';
import { requireActiveCustomer } from './require-active-customer.ts';
import { totalOrder } from './total-order.ts';

/** A product as the catalogue offers it. */
export interface CatalogueProduct extends Offer {
  readonly id: string;
  readonly name: string;
}

/** What decides about an amendment beside the order, the command and the rules. */
export interface AmendmentFacts {
  /** What more is asked for; `undefined` when the catalogue doesn't have it, or no goods are asked for. */
  readonly product: CatalogueProduct | undefined;
  /** Who asks for more; `undefined` when nobody knows them, or nothing more is asked for. */
  readonly customer: { readonly active: boolean } | undefined;
  /** The id of a line that the amendment makes, unless the command names one. */
  readonly newItemId: string;
  /** The details that are on record for the command; only a redirection has any. */
  readonly details: OrderDetails | undefined;
}

/** Whether a command asks for more goods than were ordered. Only then does the catalogue matter. */
export function asksForGoods({ items }: Pick<OrderWithItems, 'items'>, command: AmendItemsCommand): boolean {
  const { change, item_id: id = '', quantity = 0 } = command;
  if (change !== 'set') return change === 'add';
  const portions = findPortions(items, id);
  return portions.length > 0 && quantity > countUnits(portions);
}

/** Whether a command asks for more goods, or makes them dearer. Only then does the customer matter. */
export function asksForMore(
  order: OrderWithItems,
  command: AmendItemsCommand,
  { details, taxRates }: Pick<AmendmentFacts, 'details'> & Pick<AmendmentRules, 'taxRates'>,
): boolean {
  return asksForGoods(order, command) || taxRateWith(order, details, { taxRates }) > order.taxRate;
}

/**
 * What the command makes of the order. What is added has today's price, what was bought keeps its own; all of it is taxed where it goes.
 * A partly shipped order can be lowered to what has been shipped. Throws VERSION_CONFLICT if the order no longer has the version that the
 * caller saw, ORD005 where its status doesn't allow the amendment, ORD001 if more is asked for and the customer may not order, and
 * VALIDATION for a change that can't be made.
 */
export function amendOrder(
  order: OrderWithItems,
  command: AmendItemsCommand,
  facts: AmendmentFacts,
  rules: AmendmentRules,
): AmendedOrder {
  const { details = null } = facts;
  const { taxRates } = rules;
  requireAmendable(order, command);
  if (asksForMore(order, command, { ...facts, taxRates })) requireActiveCustomer(facts.customer);
  const items = changeItems(order, command, facts);
  if (items.length === 0) throw notPossible('an order has at least one item: cancel it instead');
  if (items.length > rules.maxItems) throw notPossible(`an order has at most ${rules.maxItems} items`);
  const taxRate = taxRateWith(order, facts.details, rules);
  const { couponTerms: coupon, shippingMinor, feesMinor, isTaxIncluded, currency } = order;
  // What has left is the customer's, however little it comes to.
  const minTotal = hasShipped(order) ? '0' : rules.minTotal;
  const input = { lines: items, coupon, taxRate, shippingMinor, feesMinor, isTaxIncluded };
  const amounts = totalOrder(input, { currency, minTotal }, '');
  if (isPaidOutside(order) && amounts.totalMinor > order.totalMinor) {
    throw notPossible(
      'the order is paid outside the payment service: it can be lowered, and what is more is an order of its own',
    );
  }
  return { items, amounts, taxRate, details };
}

/** Throws ORD005 when a command asks for more goods of an order that was taken in without its goods. */
export function requireGoodsHere(order: OrderWithItems, command: AmendItemsCommand): void {
  if (!isWithoutGoods(order) || !asksForGoods(order, command)) return;
  const message =
    'The order was taken in without its goods: quantities can be lowered and items removed, and what is more is an order of its own.';
  throw new Refusal('ORD005', message, { orderId: order.id });
}

function requireAmendable(order: OrderWithItems, command: AmendItemsCommand): void {
  const { id: orderId, status, version, amendUntil } = order;
  const { expected_version: expected, change } = command;
  if (change === 'redirect') requireEditable(order, expected);
  if (expected !== undefined && expected !== version) throw versionConflict(version, orderId);
  const isOutOfStock = status === 'PENDING' && amendUntil !== null;
  if (isOutOfStock && (change === 'add' || change === 'redirect')) {
    throw notPossible('the order is out of stock: quantities can be lowered and items removed');
  }
  if (!isOutOfStock && status !== 'CONFIRMED' && status !== 'PROCESSING') {
    const next = allowedAfter(status).join(', ') || 'nothing else';
    throw new Refusal('ORD005', `The order is ${status} and can't be amended; it may go to ${next}.`, { orderId });
  }
  requireGoodsHere(order, command);
  if (hasShipped(order) && asksForGoods(order, command)) {
    const message = 'The order is partly shipped: quantities can be lowered, and nothing can be added.';
    throw new Refusal('ORD005', message, { orderId });
  }
}

function changeItems(
  { items, currency }: OrderWithItems,
  command: AmendItemsCommand,
  facts: AmendmentFacts,
): readonly OrderItem[] {
  const { change, item_id: id = '', quantity = 0 } = command;
  const isThere = items.some((item) => item.id === id);
  const isOfItem = change === 'set' || change === 'remove';
  if (isOfItem && !isThere) throw notPossible(`the order has no item ${id}`);
  switch (change) {
    case 'add':
      if (isThere) throw notPossible(`the order has an item ${id} already`);
      return [...items, newItem(command, facts, currency)];
    case 'set':
      return setQuantity(items, { id, quantity }, facts, currency);
    case 'remove':
      return setQuantity(items, { id, quantity: 0 }, facts, currency);
    case 'redirect':
      if (facts.details) return items;
      throw notPossible('no address is on record for this command: addresses are changed through the API');
    default:
      return change satisfies never;
  }
}

/** A price in the command was agreed on before it was sent. */
function newItem(command: AmendItemsCommand, facts: AmendmentFacts, currency: string): OrderItem {
  const { item_id: id = facts.newItemId, quantity = 0, variant_id: variantId = null } = command;
  const { product, unitPriceMinor } = priceItem(facts.product, command, { currency, maySetPrices: true });
  const { id: productId, sku, name } = product;
  const line = { id, productId, sku, name, variantId, unitPriceMinor, discountMinor: 0, quantity, splitFrom: null };
  return { ...line, shippedQuantity: 0, returnedQuantity: 0 };
}

/** A line's quantity is that of all its portions. */
function setQuantity(
  items: readonly OrderItem[],
  { id, quantity }: Pick<OrderItem, 'id' | 'quantity'>,
  { product, newItemId }: AmendmentFacts,
  currency: string,
): readonly OrderItem[] {
  const portions = findPortions(items, id);
  const more = quantity - countUnits(portions);
  if (more > 0) {
    const terms = { currency, maySetPrices: false };
    const { unitPriceMinor } = priceItem(product, { sku: portions[0]?.sku }, terms);
    return addUnits(items, id, more, { id: newItemId, unitPriceMinor });
  }
  const { items: left, missing } = takeUnits(items, id, -more);
  if (missing === 0) return left;
  throw notPossible(`${quantity + missing} of item ${id} have been shipped: its quantity can be lowered to that`);
}

function notPossible(message: string): Refusal {
  return invalidRequest([{ pointer: '', message }]);
}
