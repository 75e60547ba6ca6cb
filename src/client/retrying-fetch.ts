import { pause } from './pause.ts';

/** The part of `fetch` that the client uses. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** Together they outlast a restart of the API, and the caller still gets an answer within seconds. */
const DEFAULT_RETRIES = 3;

/** Doubles with each retry: a lost connection is often back at once. */
const FIRST_PAUSE_MS = 250;

/** A caller is waiting: whoever is asked to wait longer than this gets the answer, and decides. */
const MAX_PAUSE_MS = 10_000;

/**
 * A `fetch` that retries a request that got no answer, or 429 or 503, no sooner than `Retry-After` asks. A request that changes something
 * carries the same `Idempotency-Key` each time. A body that can be read only once is sent only once.
 */
export function retryingFetch(options: { retries?: number | undefined; fetch?: Fetch | undefined }): Fetch {
  const { retries = DEFAULT_RETRIES, fetch = globalThis.fetch } = options;
  return async (url, init = {}) => {
    const headers = new Headers(init.headers);
    if (changes(init.method) && !headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
    const limit = isRepeatable(init.body) ? retries : 0;
    for (let attempt = 0; ; attempt += 1) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS);
      try {
        const answer = await fetch(url, { ...init, headers });
        const askedMs = retryAfterMs(answer) ?? pauseMs;
        const isOver = attempt >= limit || askedMs > MAX_PAUSE_MS;
        if (isOver || (answer.status !== 429 && answer.status !== 503)) return answer;
        await answer.body?.cancel();
        await pause(askedMs, init.signal);
      } catch (error) {
        if (attempt >= limit || init.signal?.aborted === true) throw error;
        await pause(pauseMs, init.signal);
      }
      init.signal?.throwIfAborted();
    }
  };
}

/** A longer pause than this is a mistake, and more than a timer can count. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** What `Retry-After` asks for, in milliseconds; it is seconds or a date. */
export function retryAfterMs({ headers }: Pick<Response, 'headers'>): number | undefined {
  const asked = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

function changes(method = 'GET'): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());
}

function isRepeatable(body: RequestInit['body']): boolean {
  return body === undefined || body === null || typeof body === 'string';
}
