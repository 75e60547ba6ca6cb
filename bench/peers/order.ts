import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import type { PeerOrder } from './peer-order.ts';
import { ServiceRefusal, type Services } from './services.ts';

const word = z.string().min(1).max(255);
const requested = z.object({
  customer_id: word,
  currency: z.string().length(3),
  items: z
    .array(z.object({ sku: word, quantity: z.int().min(1).max(10_000) }))
    .min(1)
    .max(50),
  payment_method: word,
  shipping_address: z.object({ name: word, line1: word, city: word, postal_code: word, country: z.string().length(2) }),
  metadata: z.record(z.string(), z.unknown()).default({}),
});

/** Checks a request against catalogue and customer, and prices it. Throws a `ZodError` or {@link ServiceRefusal}. */
export async function readOrder(services: Services, body: unknown, key: string): Promise<PeerOrder> {
  const order = requested.parse(body);
  const skus = [...new Set(order.items.map(({ sku }) => sku))];
  const [found, isActive] = await Promise.all([services.findProducts(skus), services.isActive(order.customer_id)]);
  if (!isActive) throw new ServiceRefusal('the customer is not active');
  const catalogue = new Map(found.map((product) => [product.sku, product]));
  const lines = order.items.map(({ sku, quantity }) => {
    const product = catalogue.get(sku);
    if (product?.currency !== order.currency) throw new ServiceRefusal(`${sku} is not sold in ${order.currency}`);
    const unitPriceMinor = Math.round(Number(product.price) * 100);
    return { id: uuidv7(), sku, productId: product.id, name: product.name, quantity, unitPriceMinor };
  });
  const totalMinor = lines.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
  return {
    id: uuidv7(),
    key,
    customerId: order.customer_id,
    currency: order.currency,
    total: (totalMinor / 100).toFixed(2),
    totalMinor,
    paymentMethod: order.payment_method,
    shippingAddress: order.shipping_address,
    metadata: order.metadata,
    lines,
  };
}
