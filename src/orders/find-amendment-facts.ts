import { uuidv7 } from 'uuidv7';
import { asksForGoods, asksForMore, type AmendmentFacts } from '../domain/amend-order.ts';
import type { AmendItemsCommand } from '../domain/messages.ts';
import type { AmendmentRules } from '../domain/order-rules.ts';
import type { OrderWithItems } from '../domain/order.ts';
import { invalidRequest } from '../domain/refusal.ts';
import { GatewayError } from '../gateways/gateway-error.ts';
import type { Gateways } from '../gateways/index.ts';
import type { Product } from '../gateways/inventory.ts';
import { findCustomer } from './find-order-facts.ts';

/** The services that know what an amendment depends on. */
export type AmendmentGateways = Pick<Gateways, 'inventory' | 'customer'>;

/** What an amendment is planned with. */
export interface AmendmentTerms extends Pick<AmendmentRules, 'taxRates'>, Pick<AmendmentFacts, 'details'> {}

/**
 * Looks up the product if the command asks for more goods, and the customer if it asks for more. Throws VALIDATION for a product that the
 * catalogue does not understand; rejects with a `GatewayError` when a service is unavailable.
 */
export async function findAmendmentFacts(
  gateways: AmendmentGateways,
  order: OrderWithItems,
  command: AmendItemsCommand,
  terms: AmendmentTerms,
): Promise<AmendmentFacts> {
  const [product, customer] = await Promise.all([
    asksForGoods(order, command) ? findProduct(gateways.inventory, order, command) : undefined,
    asksForMore(order, command, terms) ? findCustomer(gateways.customer, order.customerId) : undefined,
  ]);
  return { newItemId: uuidv7(), product, customer, details: terms.details };
}

async function findProduct(
  inventory: AmendmentGateways['inventory'],
  { items }: OrderWithItems,
  { item_id: itemId, ...wanted }: AmendItemsCommand,
): Promise<Product | undefined> {
  const { sku, product_id: id } =
    wanted.change === 'add' ? wanted : { sku: items.find((item) => item.id === itemId)?.sku };
  try {
    const [product] = await inventory.findProducts({
      skus: sku === undefined ? [] : [sku],
      ids: id === undefined ? [] : [id],
    });
    return product;
  } catch (error) {
    const isRefused = error instanceof GatewayError && (error.kind === 'refused' || error.kind === 'rejected');
    if (!isRefused) throw error;
    throw invalidRequest([{ pointer: '/sku', message: 'the catalogue does not understand what to add' }]);
  }
}
