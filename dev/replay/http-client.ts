import { setTimeout as sleep } from 'node:timers/promises';
import { ReplayError } from './replay-error.ts';

/** One request; `path` is relative to the client's base address. */
export interface HttpRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A final answer: any status but 429 and 5xx; `body` is undefined unless it is JSON. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** No answer within the client's patience; whether the request had its effect is unknown. */
export class NoAnswerError extends ReplayError {}

/** Sends a request as often as it takes to get a final answer; throws {@link NoAnswerError} when patience ends. */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

/** Longer than the API ever waits for an order, so that only a hung connection meets it. */
const ATTEMPT_TIMEOUT_MS = 45_000;
/** A restart takes seconds: the first pause is short, and none is so long that the return is missed. */
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;
/** A server may ask for more patience than the doubling pauses have, but not for all of it. */
const MAX_ASKED_PAUSE_MS = 60_000;

/** What a client is of: `name` stands in messages. */
export interface HttpClientOptions {
  readonly name: string;
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly patienceMs: number;
  /** Bounds the pauses between attempts, asked for or not, in milliseconds. */
  readonly maxPauseMs?: number;
  /** Hears of every attempt that will be repeated, with its status unless there was no answer. */
  readonly onRepeat?: (request: HttpRequest, status: number | undefined) => void;
}

/**
 * A client that survives restarts of its server: lost connections, 429 and 5xx are tried again, after `Retry-After` where given.
 * A request gives up after `patienceMs`, at once when the server has been away for so long already.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  let awaySinceMs: number | undefined;
  return async (request) => {
    const startedMs = Date.now();
    for (let attempt = 1; ; attempt += 1) {
      const result = await tryOnce(options, request);
      if ('answer' in result) {
        awaySinceMs = undefined;
        return result.answer;
      }
      awaySinceMs ??= Date.now();
      options.onRepeat?.(request, result.status);
      const pauseMs = Math.min(result.askedPauseMs ?? pauseAfter(attempt), options.maxPauseMs ?? MAX_ASKED_PAUSE_MS);
      if (Date.now() + pauseMs - Math.min(startedMs, awaySinceMs) > options.patienceMs) {
        const seconds = Math.round(options.patienceMs / 1_000);
        throw new NoAnswerError(
          `${options.name} (${options.baseUrl}) gave no answer within ${seconds} s: ${result.why}`,
        );
      }
      await sleep(pauseMs);
    }
  };
}

type Attempt = { answer: HttpAnswer } | { why: string; status?: number; askedPauseMs?: number | undefined };

async function tryOnce(options: HttpClientOptions, request: HttpRequest): Promise<Attempt> {
  try {
    const response = await fetch(options.baseUrl.replace(/\/$/, '') + request.path, {
      method: request.method ?? 'GET',
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
        ...request.headers,
      },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 429 || response.status >= 500) {
      return {
        why: `status ${response.status}`,
        status: response.status,
        askedPauseMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
      };
    }
    return { answer: { status: response.status, body: parseJson(text) } };
  } catch (error) {
    return { why: reasonOf(error) };
  }
}

/** `Retry-After` in milliseconds from `nowMs`, both forms, bounded; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null || header === '') return undefined;
  const askedMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(askedMs) ? undefined : Math.min(Math.max(askedMs, 0), MAX_ASKED_PAUSE_MS);
}

/** Doubling, with jitter so that many waiting requests don't return as one. */
function pauseAfter(attempt: number): number {
  return Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), MAX_PAUSE_MS) * (0.5 + Math.random() / 2);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? error.message;
}
