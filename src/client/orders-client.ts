import { hc } from 'hono/client';
import type { createApi } from '../http/app.ts';
import { patientFetch, type Fetch } from './patient-fetch.ts';

type Api = ReturnType<typeof createApi>;

/** Every route of the API below `/api/v1`, with the types of its request and of each of its answers. */
export type OrdersClient = ReturnType<typeof hc<Api>>['api']['v1'];

/** How the client authenticates, and how long it puts up with a service that is away. */
export interface OrdersClientOptions {
  /** The access token, or what brings a fresh one: it is asked before every request. */
  readonly token: string | (() => string | Promise<string>);
  /** How often a request is sent again when no answer came, or 429 or 503. 3 unless given. */
  readonly repeats?: number;
  /** Instead of the global one. */
  readonly fetch?: Fetch;
}

/**
 * A client of the API at `baseUrl`, such as `http://localhost:3000`. It authenticates, and it gives each request that changes
 * something an `Idempotency-Key` where it has none, so that sending it again, which it does by itself, acts once.
 */
export function createOrdersClient(baseUrl: string, options: OrdersClientOptions): OrdersClient {
  const client = hc<Api>(baseUrl, { fetch: ordersFetch(options) });
  return withEncodedParams(client.api.v1);
}

/** The same for whatever has no types: a `fetch` that authenticates and repeats as the client does. */
export function ordersFetch({ token, repeats, fetch }: OrdersClientOptions): Fetch {
  const patient = patientFetch({ repeats, fetch });
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has('authorization')) {
      headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
    }
    return await patient(input, { ...init, headers });
  };
}

/** Hono puts path parameters into the address as they are: one with a slash would ask for another route. */
function withEncodedParams<Client extends object>(client: Client): Client {
  return new Proxy(client, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? withEncodedParams(value) : value;
    },
    apply: (target, self, [given, ...rest]: unknown[]) =>
      Reflect.apply(target as (...args: unknown[]) => unknown, self, [encoded(given), ...rest]),
  });
}

function encoded(given: unknown): unknown {
  const { param } = Object(given) as { param?: Record<string, string> };
  if (param === undefined) return given;
  const entries = Object.entries(param).map(([name, value]) => [name, pathSegment(name, value)]);
  return { ...Object(given), param: Object.fromEntries(entries) };
}

function pathSegment(name: string, value: string): string {
  // These are steps in a path however they are written, and nothing asks for another route as well.
  if (value === '' || value === '.' || value === '..') throw new TypeError(`"${value}" can't be the ${name} of a path`);
  return encodeURIComponent(value);
}
