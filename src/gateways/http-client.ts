import { request as sendRequest, type Dispatcher } from 'undici';
import type { z } from 'zod';
import type { BatchLimits } from '../batch-calls.ts';
import type { ServiceEndpoint } from '../config/service-settings.ts';
import type { Logger } from '../logger.ts';
import { currentRequest } from '../request-context.ts';
import { activeTraceparent, inSpan } from '../tracing/trace.ts';
import { lostBy, refusedBy, type Answer } from './call-failures.ts';
import { CREDENTIALS_REFUSED, GatewayError } from './gateway-error.ts';
import { readRetryAfter } from './read-retry-after.ts';
import { callReporter, type ServiceName } from './report-call.ts';
import { isClientRefused, reasonOfNoToken, tokenSourceOf, type TokenSource } from './service-credentials.ts';
import { tlsAgent } from './tls-agent.ts';

/** One request to a service; `accept` lists the statuses that are an answer, everything else is a `GatewayError`. */
export interface ServiceRequest<T> {
  /** What it is for, in the metrics and the log. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  /** For a question that a person waits for and no saga; {@link ATTEMPT_TIMEOUT_MS} otherwise. */
  readonly timeoutMs?: number;
  readonly schema: z.ZodType<T>;
  /** What 202 holds, which says that the service answers later; as `schema` unless given. */
  readonly acceptedSchema?: z.ZodType<T>;
}

/** Calls one service. */
export type ServiceClient = <T>(request: ServiceRequest<T>) => Promise<T>;

/**
 * How long one attempt may take. Below the limit of a local activity, so that a slow service and a slow worker can be
 * distinguished. Retrying is left to Temporal.
 */
const ATTEMPT_TIMEOUT_MS = 1_500;

/** How long a client who places an order waits for the catalogue or the customer service at most. */
export const QUESTION_TIMEOUT_MS = 5_000;

/** How lookups of one kind are batched; `maxSize` bounds a request's path well below the 16 KB that servers read. */
export const lookupLimits = {
  // One request is sent while another is answered; a slow one delays only its own callers.
  maxConcurrent: 2,
  maxSize: 100,
  // Many callers share a request this often; a caller who is alone does not wait.
  spacingMs: 15,
} satisfies BatchLimits;

/** Where a service is and how it is called, and who is told of each call. */
export interface ServiceSettings {
  readonly name: ServiceName;
  readonly endpoint: ServiceEndpoint;
  readonly logger: Logger;
}

/** How a service is reached. */
interface Line {
  readonly service: ServiceName;
  readonly baseUrl: string;
  readonly timeoutMs: number | undefined;
  readonly dispatcher: Dispatcher | undefined;
  readonly tokens: TokenSource | undefined;
}

/**
 * A client that makes one attempt with a time limit and distinguishes refusals, unreachable services and unknown outcomes. Every call
 * shows the credentials of its endpoint; a token that is refused is replaced once.
 */
export function serviceClient({ name, endpoint, logger }: ServiceSettings): ServiceClient {
  const line = openLine(name, endpoint, logger);
  const report = callReporter(logger, name);
  return async (request) => {
    const startedAt = performance.now();
    try {
      const result = await inSpan(spanOf(name, request), () => callOnce(line, request));
      report({ request, startedAt }, undefined);
      return result;
    } catch (error) {
      report({ request, startedAt }, error);
      throw error;
    }
  };
}

function openLine(service: ServiceName, endpoint: ServiceEndpoint, logger: Logger): Line {
  const onUnusable = (error: unknown) => {
    logger.warn({ err: error, service }, 'renewed certificates are not usable, the last ones stay in use');
  };
  const dispatcher = endpoint.tls && tlsAgent(endpoint.tls, onUnusable);
  const tokens = tokenSourceOf(endpoint, dispatcher);
  return { service, baseUrl: endpoint.url.replace(/\/+$/, ''), timeoutMs: endpoint.timeoutMs, dispatcher, tokens };
}

function spanOf(service: ServiceName, { operation, method }: ServiceRequest<unknown>) {
  const attributes = { 'http.request.method': method, 'peer.service': service };
  return { name: `${method} ${service}.${operation}`, kind: 'client', attributes } as const;
}

async function callOnce<T>(line: Line, request: ServiceRequest<T>): Promise<T> {
  const { service } = line;
  const answer = await answerTo(line, request);
  const { status, body } = answer;
  if (status < 200 || status >= 300) throw refusedBy(service, answer);
  try {
    // Not safeParse: a schema that reads amounts throws for a text that is none.
    return (status === 202 && request.acceptedSchema ? request.acceptedSchema : request.schema).parse(body);
  } catch (cause) {
    throw new GatewayError('unknown', service, `${service} answered in an unexpected form`, {
      status,
      cause,
    });
  }
}

/** The answer within the time limit, which holds for tokens and a second attempt with another token as well. */
async function answerTo(line: Line, request: ServiceRequest<unknown>): Promise<Answer> {
  const { service, tokens } = line;
  const limitMs = line.timeoutMs ?? request.timeoutMs ?? ATTEMPT_TIMEOUT_MS;
  // Not `AbortSignal.timeout`: its timer goes on after the answer, and makes an error that nobody sees.
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new DOMException('no answer within the time limit', 'TimeoutError'));
  }, limitMs);
  try {
    if (!tokens) return await send(line, request, undefined, limit.signal);
    const token = await tokenFor(service, tokens.current(), limit.signal);
    const answer = await send(line, request, token, limit.signal);
    if (answer.status !== 401 || token === undefined) return answer;
    // It was turned away at the door, so that it can be sent again whatever it asks for.
    const another = await tokenFor(service, tokens.replace(token), limit.signal);
    return another === undefined ? answer : await send(line, request, another, limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The token, or a failure that says that nothing was sent. */
async function tokenFor(
  service: ServiceName,
  token: Promise<string | undefined>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await orAborted(token, signal);
  } catch (error) {
    const message = `${service}: its OAuth server gives no token (${reasonOfNoToken(error)})`;
    throw new GatewayError(
      'unreachable',
      service,
      message,
      isClientRefused(error) ? { code: CREDENTIALS_REFUSED } : {},
    );
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error);
    });
    promise.then(resolve, reject);
  });
}

/** By undici's own interface, which takes a third of the time that `fetch` on top of it does. */
async function send(
  { service, baseUrl, dispatcher }: Line,
  request: ServiceRequest<unknown>,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const response = await sendRequest(baseUrl + request.path, {
      method: request.method,
      headers: headersOf(request, token),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal,
      ...(dispatcher && { dispatcher }),
    });
    const retryAfterMs = readRetryAfter(response.headers['retry-after']);
    return { status: response.statusCode, body: await readBody(response), retryAfterMs };
  } catch (cause) {
    throw lostBy(service, cause, dispatcher !== undefined);
  }
}

function headersOf(request: ServiceRequest<unknown>, token: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  const requestId = currentRequest()?.requestId;
  if (requestId !== undefined) headers['x-request-id'] = requestId;
  const traceparent = activeTraceparent();
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  return headers;
}

/** What the answer holds; a refusal says enough by its status, so that what else it holds need not be JSON. */
async function readBody({ statusCode, body }: Dispatcher.ResponseData): Promise<unknown> {
  const text = await body.text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    if (statusCode >= 200 && statusCode < 300) throw error;
    return undefined;
  }
}

/** Whether the service answered that the request is at fault: with fewer keys in it, the rest may well succeed. */
export function isRequestFault(error: unknown): boolean {
  return (
    error instanceof GatewayError && error.status !== undefined && error.status < 500 && error.kind !== 'unreachable'
  );
}
