import pLimit from 'p-limit';
import type { CreateMissing } from '../domain/import-columns.ts';
import { CREDENTIALS_REFUSED } from '../gateways/gateway-error.ts';
import { GatewayError, type Gateways } from '../gateways/index.ts';
import type { Logger } from '../logger.ts';
import { findCustomer } from '../orders/find-order-facts.ts';
import type { NamedInOrder } from './named-in-order.ts';

/** What is created with. */
export interface CreatingDependencies {
  readonly gateways: Pick<Gateways, 'inventory' | 'customer'>;
  readonly logger: Logger;
}

/** Customers or products that are created at the same time: it leaves the services to others. */
const CREATED_AT_ONCE = 4;

/**
 * Creates the unknown customers and products that orders name in their services, as far as `wanted` says and they take any: what is
 * not taken stays unknown, and its orders are refused for it where that matters. Rejects when a service is away; calling again is safe.
 */
export async function createMissing(
  { gateways: { inventory, customer: customers }, logger }: CreatingDependencies,
  wanted: CreateMissing,
  named: readonly NamedInOrder[],
): Promise<void> {
  const limit = pLimit(CREATED_AT_ONCE);
  const create = (what: string, run: () => Promise<void>) =>
    limit(async () => {
      try {
        await run();
      } catch (error) {
        if (!isRefusal(error)) throw error;
        logger.warn({ err: error }, what);
      }
    });
  const createProducts = async () => {
    const bySku = new Map(named.flatMap(({ products }) => products.map((one) => [one.sku, one] as const)).toReversed());
    const found = await inventory.findProducts({ skus: [...bySku.keys()], ids: [] });
    for (const { sku } of found) bySku.delete(sku);
    await Promise.all(
      [...bySku.values()].map((one) =>
        create('a product of an import was not created', () => inventory.createProduct(one)),
      ),
    );
  };
  const createCustomers = async () => {
    const byId = new Map(named.map(({ customer }) => [customer.id, customer] as const).toReversed());
    await Promise.all(
      [...byId.values()].map(async (one) => {
        if ((await findCustomer(customers, one.id)) !== undefined) return;
        await create('a customer of an import was not created', () => customers.createCustomer(one));
      }),
    );
  };
  await Promise.all([wanted.products && createProducts(), wanted.customers && createCustomers()]);
}

/** Whether the service answered that it does not take it; 405 and 501 say that it takes none. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const { kind, status, code } = error;
  return kind === 'refused' || kind === 'rejected' || status === 501 || code === CREDENTIALS_REFUSED;
}
