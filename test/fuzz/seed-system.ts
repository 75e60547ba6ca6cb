import { createOrdersClient, OrdersProblemError } from '../../src/client/client.ts';
import type { RunningSystem } from '../../src/cli/local-system/running-system.ts';

/** What a run can ask for and find. */
export interface Seeded {
  readonly orders: readonly string[];
  /** Those among them that wait for another payment method. */
  readonly unpaid: readonly string[];
  /** Webhook endpoints, to which the events of all orders are sent. */
  readonly endpoints: readonly string[];
  /** What exists, by the path parameter that asks for it. */
  readonly examples: Readonly<Record<string, string>>;
}

const address = {
  name: 'Alice Archer',
  line1: '1 High Street',
  city: 'London',
  postal_code: 'N1 9GU',
  country: 'GB',
} as const;

/** More than a run cancels by chance, so that some of each kind last. */
const ORDERS_OF_EACH_KIND = 6;

/**
 * Puts in what the examples of the document speak of, and orders of both customers: confirmed, shipped, delivered, cancelled, declined and
 * with their outcome open. Answers the ids and numbers of them all.
 */
export async function seedSystem({ apiUrl, sandboxUrl }: RunningSystem, token: string): Promise<Seeded> {
  await put(`${sandboxUrl}/products/TEA-001`, { name: 'Tea', price: '12.50', currency: 'EUR', stock: 1_000_000 });
  await put(`${sandboxUrl}/users/alice`, { name: 'Alice', email: 'alice@example.com', status: 'ACTIVE' });
  const client = createOrdersClient(apiUrl, { token });

  const place = async (customer: string, method = 'tok_ok', prefer = 'wait=30'): Promise<string> => {
    const items = [{ sku: 'TEA-001', quantity: 2 }];
    const placed = client.createOrder({
      body: { customer_id: customer, currency: 'EUR', items, payment_method: method, shipping_address: address },
      headers: { Prefer: prefer },
    });
    return (await placed.catch(refusedOrder)).id;
  };
  const set = async (id: string, status: 'PROCESSING' | 'SHIPPED' | 'DELIVERED') =>
    void (await client.changeStatus({ id, body: { status, reason: 'seed' } }));

  const endpoints = await Promise.all(
    Array.from({ length: ORDERS_OF_EACH_KIND }, async (_, n) => {
      const body = { url: `${sandboxUrl}/nobody-${n}`, event_types: ['*'] };
      return (await client.createWebhookEndpoint({ body })).id;
    }),
  );
  const ids: string[] = [];
  const unpaid: string[] = [];
  for (const customer of ['alice', 'demo']) {
    for (let n = 0; n < ORDERS_OF_EACH_KIND; n += 1) {
      ids.push(await place(customer));
      unpaid.push(await place(customer, 'tok_declined'));
    }
    const [shipped, delivered, cancelled] = [
      await place(customer),
      await place(customer),
      await place(customer),
    ] as const;
    for (const id of [shipped, delivered]) {
      await set(id, 'PROCESSING');
      await set(id, 'SHIPPED');
    }
    await set(delivered, 'DELIVERED');
    await client.cancelOrder({ id: cancelled });
    ids.push(shipped, delivered, cancelled, await place(customer, 'tok_ok', 'respond-async'));
  }
  const example = await client.getOrder({ id: await place('alice') });
  const code = 'SAVE10';
  await client.putCoupon({ code, body: { kind: 'percent', value: '10' } });
  const page = await client.listOrders({ limit: 200 });
  return {
    orders: [...ids, ...page.data.map(({ order_number: number }) => number)],
    unpaid,
    endpoints,
    examples: { id: example.order_number, item_id: example.items[0]?.id ?? '', code, event_id: '1' },
  };
}

/** A declined order is one, too. */
function refusedOrder(error: unknown): { id: string } {
  if (error instanceof OrdersProblemError && error.problem.order_id !== undefined)
    return { id: error.problem.order_id };
  throw error;
}

async function put(url: string, body: object): Promise<void> {
  const answer = await fetch(url, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`PUT ${url} answered ${answer.status}: ${await answer.text()}`);
}
