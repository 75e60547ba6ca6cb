import type { AmendedOrder } from './amendment.ts';
import { priceItem, type Offer } from './item-price.ts';
import type { AmendItemsCommand } from './messages.ts';
import type { OrderRules } from './order-rules.ts';
import { allowedAfter } from './order-status.ts';
import { hasShipped, type OrderItem, type OrderWithItems } from './order.ts';
import { invalidRequest, Refusal, versionConflict } from './refusal.ts';
import { totalOrder } from './total-order.ts';

/** A product as the catalogue offers it. */
export interface CatalogueProduct extends Offer {
  readonly id: string;
  readonly name: string;
}

/**
 * The order's lines and amounts after the command; `product` is what it adds. Throws VERSION_CONFLICT if the order no longer has
 * the version that the caller saw, ORD005 where its status doesn't allow amendments, and VALIDATION for a change that can't be made.
 */
export function amendOrder(
  order: OrderWithItems,
  command: AmendItemsCommand,
  product: CatalogueProduct | undefined,
  rules: OrderRules,
): AmendedOrder {
  requireAmendable(order, command);
  const items = changedItems(order, command, product);
  if (items.length === 0) throw notPossible('an order has at least one item: cancel it instead');
  if (items.length > rules.maxItems) throw notPossible(`an order has at most ${rules.maxItems} items`);
  const { couponTerms: coupon, taxRate, shippingMinor, currency } = order;
  const terms = { lines: items, coupon, taxRate, shippingMinor };
  return { items, ...totalOrder(terms, { currency, minTotal: rules.minTotal }, '') };
}

function requireAmendable(order: OrderWithItems, { expected_version: expected, change }: AmendItemsCommand): void {
  const { id: orderId, status, version, amendUntil } = order;
  if (expected !== undefined && expected !== version) throw versionConflict(version, orderId);
  const isOutOfStock = status === 'PENDING' && amendUntil !== null;
  if (isOutOfStock && change === 'add') {
    throw notPossible('the order is out of stock: quantities can be lowered and items removed');
  }
  const isAmendable = isOutOfStock || status === 'CONFIRMED' || status === 'PROCESSING';
  if (isAmendable && !hasShipped(order)) return;
  const next = allowedAfter(status).join(', ') || 'nothing else';
  const where = isAmendable ? 'partly shipped' : status;
  throw new Refusal('ORD005', `The order is ${where} and can't be amended; it may go to ${next}.`, { orderId });
}

function changedItems(
  { items, currency }: OrderWithItems,
  command: AmendItemsCommand,
  product: CatalogueProduct | undefined,
): readonly OrderItem[] {
  const { change, item_id: id = '', quantity = 0 } = command;
  const isThere = items.some((item) => item.id === id);
  if (change !== 'add' && !isThere) throw notPossible(`the order has no item ${id}`);
  switch (change) {
    case 'add':
      if (isThere) throw notPossible(`the order has an item ${id} already`);
      return [...items, newItem(command, product, currency)];
    case 'set':
      return items.map((item) => (item.id === id ? { ...item, quantity } : item));
    case 'remove':
      return items.filter((item) => item.id !== id);
    default:
      return change satisfies never;
  }
}

/** A price in the command was agreed on before it was sent. */
function newItem(command: AmendItemsCommand, asked: CatalogueProduct | undefined, currency: string): OrderItem {
  const { item_id: id = '', quantity = 0 } = command;
  const { product, unitPriceMinor } = priceItem(asked, command, { currency, maySetPrices: true });
  const { id: productId, sku, name } = product;
  return { id, productId, sku, name, unitPriceMinor, quantity, shippedQuantity: 0, returnedQuantity: 0 };
}

function notPossible(message: string): Refusal {
  return invalidRequest([{ pointer: '', message }]);
}
