import { z } from 'zod';
import { batchCalls, resultOrError } from '../batch-calls.ts';
import { parseMoney } from '../domain/money.ts';
import { isRequestFault, lookupLimits, QUESTION_TIMEOUT_MS, type ServiceClient } from './http-client.ts';
import type { Product } from './inventory.ts';

const product = z
  .object({
    id: z.string(),
    sku: z.string(),
    name: z.string(),
    price: z.string(),
    currency: z.string(),
    available: z.number().optional(),
  })
  .transform(({ price, ...rest }) => ({ ...rest, priceMinor: parseMoney(price, rest.currency) }));
const products = z.object({ data: z.array(product) });

/** Products by sku or id. */
export interface WantedProducts {
  readonly skus: readonly string[];
  readonly ids: readonly string[];
}

/** Keys of one request: its path stays well below the 16 KB that servers read. */
const MAX_KEYS = 200;

/** Finds an order's products. Concurrent orders share one request, which names each product once. */
export function productFinder(call: ServiceClient): (wanted: WantedProducts) => Promise<Product[]> {
  return batchCalls(lookupLimits, async (orders: readonly WantedProducts[]) => {
    const together = await findTogether(call, orders);
    if (together) return orders.map((wanted) => pick(together, wanted));
    return Promise.all(orders.map((wanted) => resultOrError(find(call, wanted))));
  });
}

/** `undefined` when the service refuses the request, because of what one of the orders wants. */
async function findTogether(call: ServiceClient, orders: readonly WantedProducts[]): Promise<Catalogue | undefined> {
  if (orders.length === 1) return undefined;
  const skus = [...new Set(orders.flatMap((wanted) => wanted.skus))];
  const ids = [...new Set(orders.flatMap((wanted) => wanted.ids))];
  try {
    const found = await find(call, { skus, ids });
    return {
      bySku: new Map(found.map((one) => [one.sku, one])),
      byId: new Map(found.map((one) => [one.id, one])),
    };
  } catch (error) {
    if (isRequestFault(error)) return undefined;
    throw error;
  }
}

interface Catalogue {
  readonly bySku: ReadonlyMap<string, Product>;
  readonly byId: ReadonlyMap<string, Product>;
}

function pick({ bySku, byId }: Catalogue, { skus, ids }: WantedProducts): Product[] {
  const found = [...skus.map((sku) => bySku.get(sku)), ...ids.map((id) => byId.get(id))];
  return [...new Set(found.filter((one) => one !== undefined))];
}

async function find(call: ServiceClient, { skus, ids }: WantedProducts): Promise<Product[]> {
  const keys = [...skus.map((sku) => ['sku', sku] as const), ...ids.map((id) => ['id', id] as const)];
  const requests: Promise<Product[]>[] = [];
  for (let from = 0; from < keys.length; from += MAX_KEYS) {
    const query = new URLSearchParams();
    for (const [name, key] of keys.slice(from, from + MAX_KEYS)) query.append(name, key);
    requests.push(requestProducts(call, query));
  }
  return (await Promise.all(requests)).flat();
}

async function requestProducts(call: ServiceClient, query: URLSearchParams): Promise<Product[]> {
  const path = `/products?${query.toString()}`;
  const { data } = await call({
    operation: 'find_products',
    method: 'GET',
    path,
    schema: products,
    timeoutMs: QUESTION_TIMEOUT_MS,
  });
  return data;
}
