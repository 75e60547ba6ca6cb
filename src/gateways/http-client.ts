import { request as send, type Dispatcher } from 'undici';
import { z } from 'zod';
import type { BatchLimits } from '../batch-calls.ts';
import type { Logger } from '../logger.ts';
import { currentRequest } from '../request-context.ts';
import { activeTraceparent, inSpan } from '../tracing/trace.ts';
import { GatewayError, type GatewayErrorKind } from './gateway-error.ts';
import { readRetryAfter } from './read-retry-after.ts';
import { reportCall, type ServiceName } from './report-call.ts';

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

const refusal = z.object({ code: z.string(), message: z.string().optional(), details: z.unknown().optional() });

/** Where a service is, and who is told of each call. */
export interface ServiceSettings {
  readonly name: ServiceName;
  readonly baseUrl: string;
  readonly logger: Logger;
}

/** A client that makes one attempt with a time limit and distinguishes refusals, unreachable services and unknown outcomes. */
export function serviceClient({ name, baseUrl, logger }: ServiceSettings): ServiceClient {
  return async (request) => {
    const startedAt = performance.now();
    try {
      const result = await inSpan(spanOf(name, request), () => callOnce(name, baseUrl, request));
      reportCall(logger, { service: name, request, startedAt }, undefined);
      return result;
    } catch (error) {
      reportCall(logger, { service: name, request, startedAt }, error);
      throw error;
    }
  };
}

function spanOf(service: ServiceName, { operation, method }: ServiceRequest<unknown>) {
  const attributes = { 'http.request.method': method, 'peer.service': service };
  return { name: `${method} ${service}.${operation}`, kind: 'client', attributes } as const;
}

async function callOnce<T>(service: string, baseUrl: string, request: ServiceRequest<T>): Promise<T> {
  const answer = await answerTo(service, baseUrl, request);
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

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
}

/** By undici's own interface, which takes a third of the time that `fetch` on top of it does. */
async function answerTo(service: string, baseUrl: string, request: ServiceRequest<unknown>): Promise<Answer> {
  const { timeoutMs = ATTEMPT_TIMEOUT_MS } = request;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  if (request.idempotencyKey !== undefined) headers['idempotency-key'] = request.idempotencyKey;
  const requestId = currentRequest()?.requestId;
  if (requestId !== undefined) headers['x-request-id'] = requestId;
  const traceparent = activeTraceparent();
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  // Not `AbortSignal.timeout`: its timer goes on after the answer, and makes an error that nobody sees.
  const limit = new AbortController();
  const timer = setTimeout(() => {
    limit.abort(new DOMException('no answer within the time limit', 'TimeoutError'));
  }, timeoutMs);
  try {
    const response = await send(new URL(request.path, baseUrl), {
      method: request.method,
      headers,
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: limit.signal,
    });
    const retryAfterMs = readRetryAfter(response.headers['retry-after']);
    return { status: response.statusCode, body: await readBody(response), retryAfterMs };
  } catch (cause) {
    throw lostBy(service, cause);
  } finally {
    clearTimeout(timer);
  }
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

/** Failures to connect: nothing was sent, so the service can't have acted. */
const notConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function lostBy(service: string, cause: unknown): GatewayError {
  const code = connectionErrorCode(cause);
  if (code !== undefined && notConnected.has(code)) {
    return new GatewayError('unreachable', service, `${service} can't be reached (${code})`, { cause });
  }
  const reason = cause instanceof Error && cause.name === 'TimeoutError' ? 'no reply in time' : 'reply lost';
  return new GatewayError('unknown', service, `${service}: ${reason}`, { cause });
}

function connectionErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return connectionErrorCode(inner);
}

function refusedBy(service: string, { status, body, retryAfterMs }: Answer): GatewayError {
  const parsed = refusal.safeParse(body);
  const { code, message, details } = parsed.success
    ? parsed.data
    : { code: undefined, message: undefined, details: undefined };
  return new GatewayError(kindOf(status), service, `${service} answered ${status}${message ? `: ${message}` : ''}`, {
    code,
    details,
    status,
    retryAfterMs,
  });
}

function kindOf(status: number): GatewayErrorKind {
  // 503 and 429 say that the request was turned away at the door.
  if (status === 503 || status === 429) return 'unreachable';
  if (status >= 500 || status === 408) return 'unknown';
  return status === 402 || status === 404 || status === 409 ? 'refused' : 'rejected';
}

/** Whether the service answered that the request is at fault: with fewer keys in it, the rest may well succeed. */
export function isRequestFault(error: unknown): boolean {
  return (
    error instanceof GatewayError && error.status !== undefined && error.status < 500 && error.kind !== 'unreachable'
  );
}
