import { pause } from './pause.ts';

/** As much of `fetch` as a client uses. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Together these outlast a restart of the API, and a caller that waits for an answer still gets one. */
const DEFAULT_REPEATS = 3;

/** Doubles with each repeat: a lost connection is often back at once. */
const FIRST_PAUSE_MS = 250;

/** A service may ask for more patience than the doubling has, but a caller is waiting. */
const MAX_PAUSE_MS = 10_000;

/**
 * A `fetch` that sends a request again when no answer came, or 429 or 503, after `Retry-After` where that is given. Whatever changes
 * something carries the same `Idempotency-Key` each time; a body that can be read only once is sent only once.
 */
export function patientFetch(options: { repeats?: number | undefined; fetch?: Fetch | undefined }): Fetch {
  const { repeats = DEFAULT_REPEATS, fetch = globalThis.fetch } = options;
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (changes(init.method) && !headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID());
    const limit = isRepeatable(init.body) ? repeats : 0;
    for (let attempt = 0; ; attempt += 1) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, MAX_PAUSE_MS);
      try {
        const answer = await fetch(input, { ...init, headers });
        if (attempt >= limit || (answer.status !== 429 && answer.status !== 503)) return answer;
        await answer.body?.cancel();
        await pause(askedPauseMs(answer) ?? pauseMs, init.signal);
      } catch (error) {
        if (attempt >= limit || init.signal?.aborted === true) throw error;
        await pause(pauseMs, init.signal);
      }
      init.signal?.throwIfAborted();
    }
  };
}

function changes(method = 'GET'): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method.toUpperCase());
}

function isRepeatable(body: RequestInit['body']): boolean {
  return body === undefined || body === null || typeof body === 'string';
}

function askedPauseMs({ headers }: Response): number | undefined {
  const asked = headers.get('retry-after');
  return asked !== null && /^\d{1,6}$/.test(asked) ? Math.min(Number(asked) * 1_000, MAX_PAUSE_MS) : undefined;
}
