import { ProblemError } from '../../problems/problem.ts';

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

function tooMany(): ProblemError {
  return new ProblemError(
    'RATE_LIMITED',
    `At most ${MAX_STREAMS_OF_CUSTOMER} streams of one customer are open at a time.`,
    {
      headers: {
        'Retry-After': '15',
        'RateLimit-Policy': `"streams";q=${MAX_STREAMS_OF_CUSTOMER}`,
        RateLimit: '"streams";r=0',
      },
    },
  );
}
