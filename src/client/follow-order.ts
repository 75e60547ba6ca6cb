import { ordersFetch, type OrdersClientOptions } from './orders-client.ts';
import { pause } from './pause.ts';
import { answerOf, OrdersProblemError } from './problem.ts';
import { readEvents, type ServerEvent } from './read-events.ts';

/** Whom to follow from where, and until when. */
export interface FollowOptions extends OrdersClientOptions {
  /** The id of the last event that the caller has: the stream goes on behind it. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Hears of every connection that was lost, before the next is tried. */
  readonly onLost?: (why: unknown) => void;
}

/** A lost connection is often back at once; a service that is away is not asked all the time. */
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;

/**
 * What happens to an order, as it happens: the order first (`order.snapshot`), then each change, until it is final or `signal` aborts.
 * A lost connection is taken up behind the last event, so that none is missed. Throws {@link OrdersProblemError} when refused.
 */
export async function* followOrder(
  baseUrl: string,
  id: string,
  { lastEventId, signal, onLost, ...options }: FollowOptions,
): AsyncGenerator<ServerEvent, void> {
  const fetch = ordersFetch({ ...options, repeats: 0 });
  const url = `${baseUrl.replace(/\/+$/, '')}/api/v1/orders/${encodeURIComponent(id)}/events`;
  let last = lastEventId;
  for (let failures = 0; ; failures += 1) {
    try {
      for await (const event of openStream(fetch, url, last, signal)) {
        failures = 0;
        last = event.id ?? last;
        if (event.type === 'end') return;
        yield event;
      }
      // Nothing more will come; otherwise the service has closed the stream, and wants us to come back.
      if (signal?.aborted === true) return;
      onLost?.(new Error('the service closed the stream'));
    } catch (error) {
      if (error instanceof StreamOverError || signal?.aborted === true) return;
      if (error instanceof OrdersProblemError && error.problem.status !== 503 && error.problem.status !== 429)
        throw error;
      onLost?.(error);
    }
    await pause(Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), MAX_PAUSE_MS), signal);
  }
}

/** The client has the last event that there will be. */
class StreamOverError extends Error {}

async function* openStream(
  fetch: ReturnType<typeof ordersFetch>,
  url: string,
  lastEventId: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<ServerEvent> {
  const answer = await fetch(url, {
    headers: { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) },
    signal: signal ?? null,
  });
  if (answer.status === 204) throw new StreamOverError();
  if (!answer.ok || answer.body === null) {
    await answerOf(answer);
    return;
  }
  yield* readEvents(answer.body);
}
