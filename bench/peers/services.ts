import { request } from 'undici';
import { z } from 'zod';
import type { PeerOrder } from './peer-order.ts';

/** A service said no: no retry helps. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';
}

/** As the product's gateways: one attempt of at most so long, effects sooner than reads. */
const EFFECT_LIMIT_MS = 1_500;
const READ_LIMIT_MS = 5_000;
const REFUSALS: readonly number[] = [400, 402, 404, 409, 422];
const HOLD_SECONDS = 1_800;

const identified = z.object({ id: z.string() });
const products = z.object({
  data: z.array(
    z.object({ id: z.string(), sku: z.string(), name: z.string(), price: z.string(), currency: z.string() }),
  ),
});
const customer = z.object({ status: z.string() });

const holdPath = ({ id }: PeerOrder) => `/reservations/${id}`;

/** The services beside the orders, each effect known by a key so that a repeat of it does nothing more. */
export function connectServices(baseUrl: string) {
  const ask = async (path: string, init: { body?: unknown; method?: 'GET' | 'POST' | 'DELETE'; key?: string } = {}) => {
    const { body, method = body === undefined ? 'GET' : 'POST', key } = init;
    const reply = await request(baseUrl + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(method === 'GET' ? READ_LIMIT_MS : EFFECT_LIMIT_MS),
    });
    const text = await reply.body.text();
    if (reply.statusCode < 300) return text === '' ? undefined : (JSON.parse(text) as unknown);
    const why = `${method} ${path}: ${reply.statusCode} ${text.slice(0, 200)}`;
    throw REFUSALS.includes(reply.statusCode) ? new ServiceRefusal(why) : new Error(why);
  };
  return {
    findProducts: async (skus: readonly string[]) => {
      const query = skus.map((sku) => `sku=${encodeURIComponent(sku)}`).join('&');
      return products.parse(await ask(`/products?${query}`)).data;
    },
    isActive: async (id: string) => customer.parse(await ask(`/users/${encodeURIComponent(id)}`)).status === 'ACTIVE',
    reserve: async ({ id, lines }: PeerOrder) => {
      const items = lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return identified.parse(
        await ask('/reservations', { body: { order_id: id, items, expires_in_seconds: HOLD_SECONDS } }),
      ).id;
    },
    charge: async ({ id, total, currency, paymentMethod }: PeerOrder) => {
      const body = { order_id: id, amount: total, currency, payment_method: paymentMethod };
      return identified.parse(await ask('/payments', { body, key: `${id}:charge:1` })).id;
    },
    commit: async (order: PeerOrder) => void (await ask(`${holdPath(order)}/commit`, { method: 'POST' })),
    release: async (order: PeerOrder) => void (await ask(holdPath(order), { method: 'DELETE' })),
    refund: async ({ id }: PeerOrder) => void (await ask(`/payments/order/${id}/void`, { body: {} })),
    notify: async ({ id, customerId }: PeerOrder) => {
      const body = { order_id: id, customer_id: customerId, type: 'ORDER_CONFIRMED' };
      await ask('/notifications', { body, key: `${id}:notify:ORDER_CONFIRMED` });
    },
  };
}

export type Services = ReturnType<typeof connectServices>;
