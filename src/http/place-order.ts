import { uuidv7 } from 'uuidv7';
import { GatewayError, type Product } from '../gateways/index.ts';
import { acceptOrder, findKeyedOrder, type IdempotencyKey, type KeyedOrder } from '../repositories/accept-order.ts';
import { findOrderWithItems } from '../repositories/order-repository.ts';
import type { Api } from './api.ts';
import { hasRole, type Caller } from './authenticate.ts';
import type { OrderBody } from './order-body.ts';
import type { OrderWithItems } from './order-view.ts';
import { priceOrder } from './price-order.ts';
import { ProblemError } from './problem.ts';
import { invalidBody } from './validation.ts';

type Services = Pick<Api, 'config' | 'database' | 'gateways'>;

/** An order on record, and whether this request placed it or an earlier one under the same key. */
export interface PlacedOrder {
  readonly order: OrderWithItems;
  readonly repeated: boolean;
}

/** Whose prices count and who may order for others. */
const mayPrice = ['service', 'admin'] as const;

/**
 * Accepts an order, or finds the one that was accepted under the same key. Whatever can be told before is refused with a
 * problem and records nothing: customer, products, prices, total, another body under the key.
 */
export async function placeOrder(
  services: Services,
  caller: Caller,
  body: OrderBody,
  key: IdempotencyKey | null,
): Promise<PlacedOrder> {
  const customerId = customerOf(caller, body);
  const facts = Promise.all([
    findProducts(services.gateways, body),
    requireActiveCustomer(services.gateways, customerId),
  ]);
  // An earlier acceptance answers by itself: what the other services say now no longer matters.
  facts.catch(() => {});
  const earlier = key && (await findRepeat(services, key));
  if (earlier) return { order: earlier, repeated: true };

  const [products] = await facts;
  const maySetPrices = hasRole(caller, mayPrice);
  const priced = priceOrder(body, { products, maySetPrices, minTotal: services.config.order.minTotal });
  const order = await acceptOrder(services.database.db, newOrder(body, priced, customerId, caller), key);
  if (order) return { order: { ...order, items: priced.items }, repeated: false };

  const winner = key && (await findRepeat(services, key));
  if (!winner) throw new Error('an idempotency key is taken but has no order');
  return { order: winner, repeated: true };
}

function customerOf(caller: Caller, body: OrderBody): string {
  if (hasRole(caller, mayPrice)) {
    if (body.customer_id !== undefined) return body.customer_id;
    throw invalidBody([{ pointer: '/customer_id', message: 'is required' }]);
  }
  if (body.customer_id === undefined || body.customer_id === caller.subject) return caller.subject;
  throw new ProblemError('FORBIDDEN', 'A customer orders for nobody else.');
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
  throw new ProblemError('ORD001', `The customer ${message}.`, { details: [{ pointer: '/customer_id', message }] });
}

async function findRepeat({ database: { db } }: Services, key: IdempotencyKey): Promise<OrderWithItems | undefined> {
  const keyed = await findKeyedOrder(db, key.subject, key.key);
  if (!keyed) return undefined;
  refuseOtherBody(keyed, key);
  return findOrderWithItems(db, keyed.orderId);
}

function refuseOtherBody(keyed: KeyedOrder, key: IdempotencyKey): void {
  if (keyed.bodyHash === key.bodyHash) return;
  throw new ProblemError('IDEMPOTENCY_KEY_REUSED', 'The same Idempotency-Key came with another body before.', {
    details: [{ header: 'Idempotency-Key', message: 'was used for another request' }],
  });
}

function newOrder(body: OrderBody, priced: ReturnType<typeof priceOrder>, customerId: string, caller: Caller) {
  return {
    id: uuidv7(),
    customerId,
    currency: body.currency,
    ...priced,
    paymentMethod: body.payment_method,
    shippingAddress: body.shipping_address,
    billingAddress: body.billing_address ?? null,
    shippingMethod: body.shipping_method ?? null,
    couponCode: body.coupon_code ?? null,
    notes: body.notes ?? null,
    metadata: body.metadata ?? {},
    batchId: null,
    placedBy: caller.actor,
  };
}
