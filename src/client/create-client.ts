import { routes, type Operations } from './contract.ts';
import { followOrder, type FollowRequest, type OrderEvent } from './follow-order.ts';
import { pathSegment, type Parameter } from './path-segment.ts';
import { readAnswer } from './problem.ts';
import { retryingFetch, type Fetch } from './retrying-fetch.ts';

/** How the client authenticates, and how often it retries. */
export interface OrdersClientOptions {
  /** The access token, or a function that returns a valid one; it is called before every request. */
  readonly token: string | (() => string | Promise<string>);
  /** How often a request is retried that got no answer, or 429 or 503. 3 unless given. */
  readonly retries?: number;
  /** Instead of the global one. */
  readonly fetch?: Fetch;
}

/** What every call takes beside its own request. */
export interface RequestOptions {
  /** Ends the request and its retries. */
  readonly signal?: AbortSignal;
}

type Requests = { [Name in keyof Operations]: Operations[Name]['request'] & RequestOptions };

/** A method for each operation of the API, by its `operationId`, and `followOrder`. */
export type OrdersClient = {
  readonly [Name in keyof Operations]: (
    ...request: object extends Requests[Name] ? [request?: Requests[Name]] : [request: Requests[Name]]
  ) => Promise<Operations[Name]['answer']>;
} & {
  /**
   * Yields the order as it is (`order.snapshot`), then each event, until the order is final or `signal` aborts. Reconnects after a
   * lost connection and resumes after the last event, so that none is missed. Throws {@link OrdersProblemError} when it is refused.
   */
  readonly followOrder: (request: FollowRequest) => AsyncGenerator<OrderEvent, void>;
};

/**
 * Creates a client of the API at `baseUrl`, such as `http://localhost:3000`. A call resolves with the body of the answer, and throws
 * {@link OrdersProblemError} for a problem. A request that changes something gets an `Idempotency-Key` unless it has one, so that its
 * retries act once.
 */
export function createOrdersClient(baseUrl: string, options: OrdersClientOptions): OrdersClient {
  const fetch = ordersFetch(options);
  const origin = baseUrl.replace(/\/+$/, '');
  const methods = Object.entries(routes).map(([name, [method, path]]) => {
    const call = async (request: FlatRequest = {}) =>
      await readAnswer(await fetch(...toFetch(method, origin + path, request)));
    return [name, call] as const;
  });
  const client = {
    ...Object.fromEntries(methods),
    followOrder: (request: FollowRequest) => followOrder(origin, ordersFetch({ ...options, retries: 0 }), request),
  };
  // The types are those of the document that the routes are from; nothing at run time could tell more.
  return client as OrdersClient;
}

/** A `fetch` that authenticates and retries as the client does, for whatever the client has no method. */
export function ordersFetch({ token, retries, fetch }: OrdersClientOptions): Fetch {
  const retrying = retryingFetch({ retries, fetch });
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has('authorization')) {
      headers.set('authorization', `Bearer ${typeof token === 'string' ? token : await token()}`);
    }
    return await retrying(url, { ...init, headers });
  };
}

/** A request as a caller gives it: what is neither body, headers nor signal is a parameter of the path or the query. */
interface FlatRequest extends RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly [parameter: string]: unknown;
}

function toFetch(method: string, template: string, request: FlatRequest): [url: string, init: RequestInit] {
  const { body, headers: given = {}, signal, ...rest } = request;
  const parameters = rest as Readonly<Record<string, Parameter>>;
  const query = new URLSearchParams();
  const inPath = new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && !inPath.has(name)) query.set(name, String(value));
  }
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathSegment(name, parameters[name]));
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) headers.set(name, value);
  const url = query.size === 0 ? path : `${path}?${query.toString()}`;
  return [url, { method, headers, signal: signal ?? null, ...bodyOf(body, headers) }];
}

/** JSON, or a file as text or as a stream. */
function bodyOf(body: unknown, headers: Headers): RequestInit & { duplex?: 'half' } {
  if (body === undefined) return {};
  const isFile = typeof body === 'string' || body instanceof ReadableStream;
  if (!headers.has('content-type')) headers.set('content-type', isFile ? 'text/csv' : 'application/json');
  if (!isFile) return { body: JSON.stringify(body) };
  // A stream is sent before the answer is read.
  return { body, ...(typeof body !== 'string' && { duplex: 'half' }) };
}
