import { uuidv7 } from 'uuidv7';
import { z } from 'zod';
import { createHttpClient, type HttpClient, NoAnswerError } from '../dev/replay/http-client.ts';
import { CURRENCY } from '../dev/replay/order-request.ts';
import { seedCustomers, seedProducts } from '../dev/replay/seed.ts';
import { formatMoney } from '../src/domain/money.ts';
import { orderStatuses } from '../src/domain/order-status.ts';
import type { StartableOrder } from '../src/temporal/order-commands.ts';
import { httpRequest } from './connection.ts';
import type { Placed } from './load.ts';

/** The customer of the bench's orders. */
const CUSTOMER_ID = 'bench';
/** Enough that orders seldom change the same product at the same time, as in a shop. */
const PRODUCTS = 64;
const LINES = 3;
const QUANTITY = 2;
const UNIT_PRICE_MINOR = 750;
/** More than a long run sells; the sandbox is filled up to it. */
const DEMAND_UNITS = 1_000_000;

/** The sandbox answers at once unless the machine is busy. */
const SEEDING_PATIENCE_MS = 60_000;

/** Puts the bench's products, with ample stock, and its customer into the sandbox; throws when they are refused. */
export async function seedCatalogue(sandboxUrl: string): Promise<void> {
  const sandbox = createHttpClient({ name: 'The sandbox', baseUrl: sandboxUrl, patienceMs: SEEDING_PATIENCE_MS });
  const price = formatMoney(UNIT_PRICE_MINOR, CURRENCY);
  const catalogue = Array.from({ length: PRODUCTS }, (_, n) => ({
    sku: nameProduct(n),
    name: `Bench product ${n}`,
    price,
    demandUnits: DEMAND_UNITS,
  }));
  await seedProducts(sandbox, catalogue);
  await seedCustomers(sandbox, [CUSTOMER_ID]);
}

/** Long enough for the outcome on a slow machine; the twin's confirmation gets as long. */
const PREFER = 'wait=30';

const answered = z.object({ id: z.string(), status: z.enum(orderStatuses) });

/** Returns a function that places an order through `POST /orders`, each with its own key and other products. */
export function createOrderPlacer(api: HttpClient): () => Promise<Placed> {
  let placed = 0;
  return async () => {
    const body = buildOrderBody((placed += 1));
    try {
      const headers = { 'idempotency-key': uuidv7(), prefer: PREFER };
      const answer = await api({ method: 'POST', path: '/api/v1/orders', headers, body });
      if (answer.status !== 201) return { label: `HTTP ${answer.status}` };
      const { id, status } = answered.parse(answer.body);
      return { label: status, orderId: id };
    } catch (error) {
      if (error instanceof NoAnswerError) return { label: 'no answer' };
      throw error;
    }
  };
}

/** Builds what the workflow of such an order is started with. */
export function buildStartableOrder(n: number): StartableOrder {
  return {
    id: uuidv7(),
    orderNumber: `BENCH-${n}`,
    customerId: CUSTOMER_ID,
    currency: CURRENCY,
    totalMinor: LINES * QUANTITY * UNIT_PRICE_MINOR,
    paymentMethod: 'tok_ok',
    items: chooseProducts(n).map((sku) => ({ sku, quantity: QUANTITY })),
  };
}

/** The number of different orders that take turns. */
const BODIES = 64;

/** Returns a function that makes the next request for an order which is answered as soon as it is accepted, each with its own key. */
export function createAsyncOrderRequests(authorization: string): () => string {
  // Built before the load: the generator shares the processor with the system.
  const bodies = Array.from({ length: BODIES }, (_, n) => JSON.stringify(buildOrderBody(n)));
  let sent = 0;
  return () =>
    httpRequest(
      'POST',
      '/api/v1/orders',
      { authorization, prefer: 'respond-async', 'idempotency-key': uuidv7() },
      bodies[(sent += 1) % BODIES],
    );
}

/** Builds the body of the n-th order, with other products than the order before. */
export function buildOrderBody(n: number) {
  return {
    customer_id: CUSTOMER_ID,
    currency: CURRENCY,
    items: chooseProducts(n).map((sku) => ({ sku, quantity: QUANTITY })),
    payment_method: 'tok_ok',
    shipping_address: {
      name: 'Ada Lovelace',
      line1: '12 St James Square',
      city: 'London',
      postal_code: 'SW1Y 4JH',
      country: 'GB',
    },
    metadata: { source: 'bench' },
  };
}

function chooseProducts(n: number): string[] {
  return Array.from({ length: LINES }, (_, line) => nameProduct((n * LINES + line) % PRODUCTS));
}

function nameProduct(n: number): string {
  return `BENCH-${String(n).padStart(3, '0')}`;
}
