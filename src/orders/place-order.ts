import { uuidv7 } from 'uuidv7';
import { canonicalCouponCode, CouponRefusedError } from '../domain/coupon.ts';
import type { NewOrder, NewOrderItem, OrderItem, OrderWithItems } from '../domain/order.ts';
import { GatewayError, type Product } from '../gateways/index.ts';
import { acceptOrderInGroup, findKeyedOrderInGroup } from '../repositories/accept-in-groups.ts';
import type { IdempotencyKey, KeyedOrder } from '../repositories/accept-order.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { Api } from '../http/api.ts';
import type { OrderBody } from '../http/schemas/order-body.ts';
import { findTotalTerms, shippingMethodOf } from './find-total-terms.ts';
import { priceOrder } from './price-order.ts';
import { Refusal } from '../domain/refusal.ts';
import { totalOrder, type OrderTotals } from './total-order.ts';
import { hasRole, type Caller } from '../domain/caller.ts';
import { invalidRequest, keyReused } from '../domain/refusal.ts';

type Services = Pick<Api, 'config' | 'database' | 'gateways'>;

/** An order on record, and whether this request placed it or an earlier one under the same key. */
export interface PlacedOrder {
  readonly order: OrderWithItems;
  readonly repeated: boolean;
}

/** Whose prices count and who may order for others. */
export const mayPrice = ['service', 'admin'] as const;

/**
 * Accepts an order, or finds the one that was accepted under the same key. Whatever can be told before is refused with a
 * problem and records nothing: customer, products, prices, coupon, total, another body under the key.
 * `batchId` is the import that it came with.
 */
export async function placeOrder(
  services: Services,
  caller: Caller,
  body: OrderBody,
  key: IdempotencyKey | null,
  batchId: string | null = null,
): Promise<PlacedOrder> {
  const customerId = customerOf(caller, body);
  const facts = Promise.all([
    findProducts(services.gateways, body),
    findTotalTerms(services, body, customerId),
    requireActiveCustomer(services.gateways, customerId),
  ]);
  // Most keys are new. An earlier acceptance under this one answers by itself: when the other services can't tell, or keep us waiting,
  // what they say no longer matters.
  if (key && !(await isPrompt(facts))) {
    const earlier = await findRepeat(services, key);
    if (earlier) return { order: earlier, repeated: true };
  }
  const accept = async () => {
    const [products, terms] = await facts;
    const items = priceOrder(body, { products, maySetPrices: hasRole(caller, mayPrice) });
    const order = { ...newOrder(body, items, totalOrder(items, terms), customerId, caller), batchId };
    const accepted = await acceptOrderInGroup(services.database.db, order, key);
    return accepted && { ...accepted, items: items.map(asNew) };
  };
  const accepted = await accept().catch(refusalIn);
  if (accepted && !(accepted instanceof Error)) return { order: accepted, repeated: false };

  // What was refused may have been accepted before, and a coupon that has one use may have been taken by this very request, sent twice at once.
  const earlier = key && (await findRepeat(services, key));
  if (earlier) return { order: earlier, repeated: true };
  if (accepted instanceof CouponRefusedError) {
    throw invalidRequest([{ pointer: '/coupon_code', message: accepted.message }]);
  }
  throw accepted ?? new Error('an idempotency key is taken but has no order');
}

/** How long the other services are waited for before it is looked whether they matter. */
const PROMPT_MS = 250;

async function isPrompt(facts: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, PROMPT_MS, false);
  const told = facts.then(
    () => true,
    () => false,
  );
  const isTold = await Promise.race([told, late]);
  clearTimeout(timer);
  return isTold;
}

function customerOf(caller: Caller, body: OrderBody): string {
  if (hasRole(caller, mayPrice)) {
    if (body.customer_id !== undefined) return body.customer_id;
    throw invalidRequest([{ pointer: '/customer_id', message: 'is required' }]);
  }
  if (body.customer_id === undefined || body.customer_id === caller.subject) return caller.subject;
  throw new Refusal('FORBIDDEN', 'A customer orders for nobody else.');
}

async function findProducts({ inventory }: Services['gateways'], { items }: OrderBody): Promise<Product[]> {
  return inventory.findProducts({
    skus: [...new Set(items.flatMap(({ sku }) => sku ?? []))],
    ids: [...new Set(items.flatMap(({ product_id: id }) => id ?? []))],
  });
}

async function requireActiveCustomer({ customer }: Services['gateways'], id: string): Promise<void> {
  const found = await customer.findCustomer(id).catch((error: unknown) => {
    // An id that the service can't even read is nobody's.
    if (error instanceof GatewayError && error.kind === 'rejected') return undefined;
    throw error;
  });
  if (found?.active === true) return;
  const message = found ? 'is inactive' : 'is unknown';
  throw new Refusal('ORD001', `The customer ${message}.`, { details: [{ pointer: '/customer_id', message }] });
}

/** What the order is refused with; anything else went wrong and says nothing of the order. */
function refusalIn(error: unknown): CouponRefusedError | Refusal {
  if (error instanceof CouponRefusedError || error instanceof Refusal) return error;
  throw error;
}

async function findRepeat({ database: { db } }: Services, key: IdempotencyKey): Promise<OrderWithItems | undefined> {
  const keyed = await findKeyedOrderInGroup(db, key);
  if (!keyed) return undefined;
  refuseOtherBody(keyed, key);
  return findOrderWithItems(db, keyed.orderId);
}

function refuseOtherBody(keyed: KeyedOrder, key: IdempotencyKey): void {
  if (keyed.bodyHash === key.bodyHash) return;
  throw keyReused();
}

function asNew(item: NewOrderItem): OrderItem {
  return { ...item, shippedQuantity: 0, returnedQuantity: 0 };
}

function newOrder(
  body: OrderBody,
  items: readonly NewOrderItem[],
  totals: OrderTotals,
  customerId: string,
  caller: Caller,
): Omit<NewOrder, 'batchId'> {
  return {
    id: uuidv7(),
    customerId,
    currency: body.currency,
    items,
    ...totals,
    paymentMethod: body.payment_method,
    shippingAddress: body.shipping_address,
    billingAddress: body.billing_address ?? null,
    shippingMethod: shippingMethodOf(body),
    couponCode: body.coupon_code === undefined ? null : canonicalCouponCode(body.coupon_code),
    notes: body.notes ?? null,
    metadata: body.metadata ?? {},
    placedBy: caller.actor,
  };
}
