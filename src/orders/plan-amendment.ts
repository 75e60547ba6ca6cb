import type { AmendmentPlan } from '../domain/amendment.ts';
import type { AmendItemsCommand } from '../domain/messages.ts';
import type { OrderRules } from '../domain/order-rules.ts';
import { invalidRequest } from '../domain/refusal.ts';
import { GatewayError } from '../gateways/gateway-error.ts';
import type { Gateways } from '../gateways/index.ts';
import type { Product } from '../gateways/inventory.ts';
import type { OrderWriter } from './order-writer.ts';
import { recordAmendmentPlan } from './record-amendment-plan.ts';

/** What planning an amendment takes. */
export interface AmendmentPlanner extends OrderWriter {
  readonly gateways: Pick<Gateways, 'inventory'>;
}

/**
 * Plans an amendment: looks up the product that it adds, decides by the domain, and puts the plan on record. The same command
 * gets the same plan again. Throws VALIDATION, VERSION_CONFLICT and ORD005.
 */
export async function planAmendment(
  planner: AmendmentPlanner,
  { orderId, command }: { readonly orderId: string; readonly command: AmendItemsCommand },
  rules: OrderRules,
): Promise<AmendmentPlan> {
  const product = command.change === 'add' ? await findProduct(planner.gateways, command) : undefined;
  return recordAmendmentPlan(planner, { orderId, command, product, rules });
}

async function findProduct(
  { inventory }: AmendmentPlanner['gateways'],
  { sku, product_id: id }: AmendItemsCommand,
): Promise<Product | undefined> {
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
