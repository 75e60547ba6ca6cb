import { canonicalCouponCode, type Coupon } from '../domain/coupon.ts';
import { GatewayError, type Customer, type Product } from '../gateways/index.ts';
import { findCouponFor } from '../repositories/coupon-repository.ts';
import type { OrderDependencies } from './dependencies.ts';
import type { OrderRequest } from './order-request.ts';

/** Everything that decides about an order besides its request and the rules. */
export interface OrderFacts {
  /** `undefined` when the customer service knows no such customer. */
  readonly customer: Customer | undefined;
  /** Of the products that the request names, those that the catalogue has. */
  readonly products: readonly Product[];
  /** The coupon that the request names; `undefined` when it names none, or there is none of that code. */
  readonly coupon: CouponFacts | undefined;
}

/** A coupon, and whether an order of the customer has used it. */
export interface CouponFacts {
  readonly coupon: Coupon;
  readonly usedByCustomer: boolean;
}

/** Looks up the facts in the other services and the database. Rejects with a `GatewayError` when a service is unavailable. */
export async function findOrderFacts(
  { db, gateways }: Pick<OrderDependencies, 'db' | 'gateways'>,
  request: Pick<OrderRequest, 'items' | 'coupon_code'>,
  customerId: string,
): Promise<OrderFacts> {
  const { items, coupon_code: code } = request;
  const [products, coupon, customer] = await Promise.all([
    gateways.inventory.findProducts({
      skus: [...new Set(items.flatMap(({ sku }) => sku ?? []))],
      ids: [...new Set(items.flatMap(({ product_id: id }) => id ?? []))],
    }),
    code === undefined ? undefined : findCouponFor(db, canonicalCouponCode(code), customerId),
    findCustomer(gateways.customer, customerId),
  ]);
  return { customer, products, coupon };
}

/** The customer; `undefined` when the customer service knows no such customer. Rejects with a `GatewayError` when it is unavailable. */
export async function findCustomer(customers: OrderDependencies['gateways']['customer'], id: string) {
  try {
    return await customers.findCustomer(id);
  } catch (error) {
    // The service rejects the id itself, so no customer has it.
    if (error instanceof GatewayError && error.kind === 'rejected') return undefined;
    throw error;
  }
}
