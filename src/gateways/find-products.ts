import { z } from 'zod';
import { inBatches, type Batched } from '../batches.ts';
import { parseMoney } from '../domain/money.ts';
import {
  isDueToQuestion,
  LOOKUPS_APART_MS,
  LOOKUPS_UNDER_WAY,
  QUESTION_TIMEOUT_MS,
  type ServiceClient,
} from './http-client.ts';
import type { Product } from './inventory.ts';

const product = z
  .object({ id: z.string(), sku: z.string(), name: z.string(), price: z.string(), currency: z.string() })
  .transform(({ price, ...rest }) => ({ ...rest, priceMinor: parseMoney(price, rest.currency) }));
const products = z.object({ data: z.array(product) });

/** Products by sku or id. */
export interface WantedProducts {
  readonly skus: readonly string[];
  readonly ids: readonly string[];
}

/** Keys of one request: its path stays well below the 16 KB that servers read. */
const MAX_KEYS = 200;

/** Those of an order that are there; throws when the service would not have told. */
export type FoundProducts = () => Product[];

/** Finds the products of orders that come at about the same time in one request, each product once. */
export function productFinder(call: ServiceClient): Batched<WantedProducts, FoundProducts> {
  const limits = {
    maxUnderWay: LOOKUPS_UNDER_WAY,
    maxWeight: MAX_KEYS,
    apartMs: LOOKUPS_APART_MS,
    weigh: ({ skus, ids }: WantedProducts) => skus.length + ids.length,
  };
  return inBatches(limits, async (batch): Promise<readonly FoundProducts[]> => {
    const together = await findTogether(call, batch);
    if (together) return batch.map((wanted) => () => pick(together, wanted));
    const answers = await Promise.allSettled(batch.map((wanted) => find(call, wanted)));
    return answers.map((answer) => () => {
      if (answer.status === 'rejected') throw answer.reason;
      return answer.value;
    });
  });
}

/** `undefined` when the service does not take the question, because of what one of them asks. */
async function findTogether(call: ServiceClient, batch: readonly WantedProducts[]): Promise<Catalogue | undefined> {
  if (batch.length === 1) return undefined;
  const skus = [...new Set(batch.flatMap((wanted) => wanted.skus))];
  const ids = [...new Set(batch.flatMap((wanted) => wanted.ids))];
  try {
    const found = await find(call, { skus, ids });
    return {
      bySku: new Map(found.map((one) => [one.sku, one])),
      byId: new Map(found.map((one) => [one.id, one])),
    };
  } catch (error) {
    if (isDueToQuestion(error)) return undefined;
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
  const wanted = new URLSearchParams();
  for (const sku of skus) wanted.append('sku', sku);
  for (const id of ids) wanted.append('id', id);
  const found = await call({
    method: 'GET',
    path: `/products?${wanted.toString()}`,
    schema: products,
    timeoutMs: QUESTION_TIMEOUT_MS,
  });
  return found.data;
}
