import { retryingFetch, type Fetch } from '../../src/client/retrying-fetch.ts';
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

/** Retries a request until it gets a final answer; throws {@link NoAnswerError} when patience ends. */
export type HttpClient = (request: HttpRequest) => Promise<HttpAnswer>;

/** Longer than the API ever waits for an order: only a hung connection takes so long. */
const ATTEMPT_TIMEOUT_MS = 45_000;

/** The server of a client; `name` is for messages. */
export interface HttpClientOptions {
  readonly name: string;
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly patienceMs: number;
  /** Called for every failed attempt, with its status unless there was no answer. */
  readonly onFailure?: (request: HttpRequest, status: number | undefined) => void;
}

/**
 * Creates a client that survives restarts of its server: it retries lost connections, 429 and 5xx, and waits for `Retry-After`.
 * A request fails after `patienceMs`, or at once when the server has been unavailable for so long already.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  let awaySinceMs: number | undefined;
  return async (request) => {
    const startedMs = Date.now();
    const patience = new AbortController();
    const noAnswer = (why: string) => {
      const seconds = Math.round(options.patienceMs / 1_000);
      return new NoAnswerError(`${options.name} (${options.baseUrl}) gave no answer within ${seconds} s: ${why}`);
    };
    const attempt: Fetch = async (url, init) => {
      try {
        return await tryOnce(url, init);
      } catch (error) {
        options.onFailure?.(request, error instanceof TryAgainError ? error.response.status : undefined);
        awaySinceMs ??= Date.now();
        const isOver = Date.now() - Math.min(startedMs, awaySinceMs) >= options.patienceMs;
        if (isOver) patience.abort(noAnswer(describeReason(error)));
        // Returned as a response so that its `Retry-After` is respected.
        if (error instanceof TryAgainError && [429, 503].includes(error.response.status)) return error.response;
        throw error;
      }
    };
    const send = retryingFetch({ retries: Number.POSITIVE_INFINITY, fetch: attempt });
    const response = await send(...toFetch(options, request, patience.signal)).catch((error: unknown) => {
      throw patience.signal.aborted ? patience.signal.reason : error;
    });
    if (isTryAgain(response)) throw noAnswer(`status ${response.status}`);
    awaySinceMs = undefined;
    return { status: response.status, body: parseJson(await response.text()) };
  };
}

/** The server failed, or asked for a retry. */
class TryAgainError extends Error {
  readonly response: Response;
  constructor(response: Response) {
    super(`status ${response.status}`);
    this.response = response;
  }
}

/** Makes one attempt and reads the whole body, so that a connection lost in the middle of it is a failure too. */
async function tryOnce(url: string, init: RequestInit = {}): Promise<Response> {
  const { status, headers, body } = await fetch(url, { ...init, signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS) });
  const text = body === null ? null : await new Response(body).text();
  const response = new Response(text === '' ? null : text, { status, headers });
  if (isTryAgain(response)) throw new TryAgainError(response);
  return response;
}

function isTryAgain({ status }: Response): boolean {
  return status === 429 || status >= 500;
}

function toFetch(
  { baseUrl, headers }: HttpClientOptions,
  request: HttpRequest,
  signal: AbortSignal,
): [url: string, init: RequestInit] {
  const init = {
    method: request.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(request.body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
      ...request.headers,
    },
    body: request.body === undefined ? null : JSON.stringify(request.body),
    signal,
  };
  return [baseUrl.replace(/\/$/, '') + request.path, init];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describeReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause: unknown = error.cause;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return code ?? error.message;
}
