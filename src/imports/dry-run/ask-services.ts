import { canonicalCouponCode } from '../../domain/coupon.ts';
import type { Customer, Gateways, Product } from '../../gateways/index.ts';
import { findCustomer, type CouponFacts, type OrderFacts } from '../../orders/find-order-facts.ts';
import type { CreateMissing } from '../../domain/import-columns.ts';
import type { OrderRequest } from '../../orders/order-request.ts';
import { findCouponFor } from '../../repositories/coupon-repository.ts';
import type { Db } from '../../repositories/schema.ts';
import type { NamedInOrder } from '../named-in-order.ts';

/** What is asked with. */
export interface AskingDependencies {
  readonly db: Db;
  readonly gateways: Pick<Gateways, 'inventory' | 'customer'>;
}

/** What the services know of what a file names: each customer, product and coupon is asked for once. */
export interface AskedServices {
  /** Asks for what these requests name. Rejects when a service is away. */
  readonly ask: (requests: readonly OrderRequest[]) => Promise<void>;
  /** Asks for the customers and products that orders name, as far as any of them may be created. */
  readonly askNamed: (named: readonly NamedInOrder[], which: CreateMissing) => Promise<void>;
  /** What decides about a request; `undefined` where something was not asked for, since there is too much. */
  readonly factsOf: (request: OrderRequest) => OrderFacts | undefined;
  /** Whether the service answered that there is no such customer, or product. */
  readonly lacksCustomer: (id: string) => boolean;
  readonly lacksProduct: (sku: string) => boolean;
}

/** Different products, customers and coupons that a dry run asks for: some hundred calls, and some megabytes. */
const MAX_ASKED = 20_000;

/** Two calls at a time: the services have customers to answer. */
const ASKED_AT_ONCE = 400;

/** Starts to ask; nothing is known yet. */
export function startAsking({ db, gateways }: AskingDependencies): AskedServices {
  const products = createCache<Product>(async (keys) => {
    const found = await gateways.inventory.findProducts(splitKeys(keys));
    return new Map(found.flatMap((one) => [[SKU + one.sku, one] as const, [ID + one.id, one] as const]));
  });
  const customers = createCache<Customer>(async (ids) => {
    const found = await Promise.all(ids.map((id) => findCustomer(gateways.customer, id)));
    return new Map(found.flatMap((one) => (one ? [[one.id, one] as const] : [])));
  });
  const coupons = createCache<CouponFacts>(async (keys) => {
    const found = new Map<string, CouponFacts>();
    for (const key of keys) {
      const [code = '', customerId = ''] = JSON.parse(key) as string[];
      // oxlint-disable-next-line no-await-in-loop -- one connection
      const coupon = await findCouponFor(db, code, customerId);
      if (coupon) found.set(key, coupon);
    }
    return found;
  });
  return {
    ask: async (requests) => {
      await Promise.all([
        products.ask(requests.flatMap(productKeys)),
        customers.ask(requests.map(({ customer_id: id = '' }) => id)),
        coupons.ask(requests.flatMap(couponKeys)),
      ]);
    },
    askNamed: async (named, which) => {
      const skus = named.flatMap((one) => one.products.map(({ sku }) => SKU + sku));
      await Promise.all([
        which.products && products.ask(skus),
        which.customers && customers.ask(named.map(({ customer }) => customer.id)),
      ]);
    },
    lacksCustomer: (id) => customers.has(id) && customers.get(id) === undefined,
    lacksProduct: (sku) => products.has(SKU + sku) && products.get(SKU + sku) === undefined,
    factsOf: (request) => {
      const keys = productKeys(request);
      const [couponKey] = couponKeys(request);
      const { customer_id: id = '' } = request;
      const isAsked = keys.every(products.has) && customers.has(id) && (!couponKey || coupons.has(couponKey));
      if (!isAsked) return undefined;
      return {
        customer: customers.get(id),
        products: [...new Set(keys.flatMap((key) => products.get(key) ?? []))],
        coupon: couponKey === undefined ? undefined : coupons.get(couponKey),
      };
    },
  };
}

/** What is known of each key that was asked for. */
interface Cache<T> {
  readonly ask: (keys: readonly string[]) => Promise<void>;
  /** Whether it was asked for. */
  readonly has: (key: string) => boolean;
  readonly get: (key: string) => T | undefined;
}

function createCache<T>(find: (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>): Cache<T> {
  const known = new Map<string, T | undefined>();
  return {
    ask: async (keys) => {
      const fresh = [...new Set(keys)].filter((key) => !known.has(key)).slice(0, MAX_ASKED - known.size);
      for (let from = 0; from < fresh.length; from += ASKED_AT_ONCE) {
        const some = fresh.slice(from, from + ASKED_AT_ONCE);
        // oxlint-disable-next-line no-await-in-loop -- leaves the services to others
        const found = await find(some);
        for (const key of some) known.set(key, found.get(key));
      }
    },
    has: (key) => known.has(key),
    get: (key) => known.get(key),
  };
}

const SKU = 'sku:';
const ID = 'id:';

function productKeys({ items }: OrderRequest): string[] {
  return items.map(({ sku, product_id: id = '' }) => (sku === undefined ? ID + id : SKU + sku));
}

function splitKeys(keys: readonly string[]) {
  const of = (kind: string) => keys.flatMap((key) => (key.startsWith(kind) ? [key.slice(kind.length)] : []));
  return { skus: of(SKU), ids: of(ID) };
}

/** A coupon may be used once by a customer. */
function couponKeys({ coupon_code: code, customer_id: id = '' }: OrderRequest): string[] {
  return code === undefined ? [] : [JSON.stringify([canonicalCouponCode(code), id])];
}
