import type { Caller } from '../domain/caller.ts';
import { RequestError } from './request-error.ts';

/** After this a client has to connect again, perhaps to another replica, and its token is checked again. */
const MAX_LIFE_MS = 3_600_000;

/** Bounds memory and connections of a process; five times what a process is meant to hold. */
const MAX_STREAMS = 5_000;

/** How long a caller's stream may live from now on, and whether it is the caller's token that ends it. */
export function streamLife({ expiresAtMs }: Caller): { readonly lifeMs: number; readonly endsWithToken: boolean } {
  const tokenMs = expiresAtMs - Date.now();
  return { lifeMs: Math.min(MAX_LIFE_MS, tokenMs), endsWithToken: tokenMs <= MAX_LIFE_MS };
}

/** Throws UNAVAILABLE when as many streams are `open` as a process holds. */
export function requireRoomForStream(open: number): void {
  if (open < MAX_STREAMS) return;
  throw new RequestError('UNAVAILABLE', 'Too many event streams are open right now.', { retryAfterSeconds: 5 });
}

/** Streams of one customer at a time: some tabs on some devices. */
const MAX_STREAMS_OF_CUSTOMER = 20;

/** Counts the open streams of each customer. */
export interface StreamShares {
  /** Runs `open`, which calls `onEnd` when the stream that it opens ends, if it opens one. Rejects with RATE_LIMITED beyond the limit. */
  readonly take: <T>(customer: string, open: (onEnd: () => void) => Promise<T | undefined>) => Promise<T | undefined>;
}

/** Shares of a process: nobody keeps more than {@link MAX_STREAMS_OF_CUSTOMER} connections of it open. */
export function createStreamShares(): StreamShares {
  const open = new Map<string, number>();
  const add = (customer: string, change: 1 | -1) => {
    const count = (open.get(customer) ?? 0) + change;
    if (count > 0) open.set(customer, count);
    else open.delete(customer);
  };
  return {
    take: async (customer, openStream) => {
      if ((open.get(customer) ?? 0) >= MAX_STREAMS_OF_CUSTOMER) throw tooMany();
      add(customer, 1);
      let isOpen = true;
      const end = () => {
        if (isOpen) add(customer, -1);
        isOpen = false;
      };
      try {
        const stream = await openStream(end);
        if (stream === undefined) end();
        return stream;
      } catch (error) {
        end();
        throw error;
      }
    },
  };
}

function tooMany(): RequestError {
  return new RequestError(
    'RATE_LIMITED',
    `At most ${MAX_STREAMS_OF_CUSTOMER} streams of one customer are open at a time.`,
    { retryAfterSeconds: 15, limit: { policy: 'streams', quota: MAX_STREAMS_OF_CUSTOMER } },
  );
}
