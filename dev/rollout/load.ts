import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRequest } from '../../src/client/contract.ts';
import { createOrdersClient, type OrdersClient } from '../../src/client/create-client.ts';

/** What the clients did and saw. */
export interface Observations {
  requests: number;
  /** Requests that got no answer, or one that says that the server failed. */
  readonly lost: string[];
  /** Every order that was placed, by its id. */
  readonly placed: string[];
  /** How long the slowest request took that waits for nothing. */
  slowestReadMs: number;
  /** Streams of events that ended before their order did, each of which was opened again. */
  reconnections: number;
}

/** Clients that send requests one after the other until stopped. */
export interface Load {
  readonly seen: Observations;
  /** Follows the order until it has shipped; resolves with the events that came. */
  readonly follow: (id: string) => Promise<readonly string[]>;
  /** Ships the order. */
  readonly ship: (id: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** As many as keep two small processors half busy. */
const PLACERS = 4;

const READERS = 2;

const PAUSE_MS = 250;

/** Starts clients against the API at `url`, none of which sends any request twice. */
export function startLoad(url: string, token: string): Load {
  const seen: Observations = { requests: 0, lost: [], placed: [], slowestReadMs: 0, reconnections: 0 };
  const client = createOrdersClient(url, { token, retries: 0 });
  const stopping = new AbortController();
  const attempt = async <T>(what: string, send: () => Promise<T>): Promise<T | undefined> => {
    seen.requests += 1;
    try {
      return await send();
    } catch (error) {
      seen.lost.push(`${what}: ${describe(error)}`);
      return undefined;
    }
  };
  // The next order waits for this one: however slow the machine is, the load is never more than it can carry.
  const awaitConfirmation = async (id: string) => {
    while (!stopping.signal.aborted) {
      const order = await attempt('GET /orders/{id}', () => client.getOrder({ id }));
      if (order !== undefined && order.status !== 'PENDING') return;
      await delay(PAUSE_MS);
    }
  };
  const placeUntilStopped = async (headers: Record<string, string>) => {
    while (!stopping.signal.aborted) {
      const order = await attempt('POST /orders', () => client.createOrder({ body: teaOrder, headers }));
      if (order !== undefined) seen.placed.push(order.id);
      await delay(PAUSE_MS);
      if (order?.status === 'PENDING') await awaitConfirmation(order.id);
    }
  };
  const readUntilStopped = async () => {
    while (!stopping.signal.aborted) {
      const sinceMs = performance.now();
      await attempt('GET /orders', () => client.listOrders({ limit: 10 }));
      seen.slowestReadMs = Math.max(seen.slowestReadMs, performance.now() - sinceMs);
      await delay(PAUSE_MS);
    }
  };
  const loops = [
    ...Array.from({ length: PLACERS }, (_, index) =>
      placeUntilStopped(index % 2 === 0 ? {} : { Prefer: 'respond-async' }),
    ),
    ...Array.from({ length: READERS }, () => readUntilStopped()),
  ];
  return {
    seen,
    follow: async (id) => await followUntilShipped(client, id, seen),
    ship: async (id) => {
      await attempt('PUT /orders/{id}/status', () =>
        client.changeStatus({ id, body: { status: 'SHIPPED', reason: 'rolled out', tracking: { number: '1' } } }),
      );
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function followUntilShipped(client: OrdersClient, id: string, seen: Observations): Promise<readonly string[]> {
  const events: string[] = [];
  const onLost = () => {
    seen.reconnections += 1;
  };
  for await (const event of client.followOrder({ id, onLost })) {
    events.push(event.event);
    if (event.event === 'order.shipped') break;
  }
  return events;
}

/** Of the demo catalogue of `npm start`. */
const teaOrder: OrderRequest = {
  customer_id: 'demo',
  currency: 'EUR',
  items: [{ sku: 'TEA-001', quantity: 1, unit_price: '12.50' }],
  payment_method: 'tok_ok',
  shipping_address: {
    name: 'Ada',
    line1: '12 St James Square',
    city: 'London',
    postal_code: 'SW1Y 4JH',
    country: 'GB',
  },
};

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
