import type { OrderStreamEvent } from './contract.ts';
import { pathSegment } from './path-segment.ts';
import { pause } from './pause.ts';
import { OrdersProblemError, readAnswer, UnexpectedAnswerError } from './problem.ts';
import { readEvents } from './read-events.ts';
import type { Fetch } from './retrying-fetch.ts';

/** An event of an order: `order.snapshot` with the whole order, or a change with the order's state right after it. */
export type OrderEvent = Exclude<OrderStreamEvent, { event: 'end' }>;

/** Which order to follow, from where, and until when. */
export interface FollowRequest {
  /** The order's id or order number. */
  readonly id: string;
  /** The id of the last event that the caller has: the stream resumes after it. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Is called for every lost connection, before the next attempt. */
  readonly onLost?: ((why: unknown) => void) | undefined;
}

/** Doubles with each failure in a row: a lost connection is often back at once. */
const FIRST_PAUSE_MS = 250;

/** Nobody waits for one answer here, but an event should not be much older than this when it arrives. */
const MAX_PAUSE_MS = 5_000;

/** Follows an order as `OrdersClient.followOrder` says; `fetch` authenticates, and does not retry. */
export async function* followOrder(
  origin: string,
  fetch: Fetch,
  { id, lastEventId, signal, onLost }: FollowRequest,
): AsyncGenerator<OrderEvent, void> {
  const url = `${origin}/api/v1/orders/${pathSegment('id', id)}/events`;
  let last = lastEventId;
  for (let failures = 0; ; failures += 1) {
    let askedMs = 0;
    try {
      const stream = await openStream(fetch, url, last, signal);
      if (stream === undefined) return;
      for await (const event of stream) {
        failures = 0;
        last = event.id;
        if (event.event === 'end') return;
        yield event;
      }
      if (signal?.aborted === true) return;
      onLost?.(new Error('the API closed the stream'));
    } catch (error) {
      if (signal?.aborted === true) return;
      if (isLasting(error)) throw error;
      if (error instanceof OrdersProblemError) askedMs = (error.retryAfterSeconds ?? 0) * 1_000;
      onLost?.(error);
    }
    const backoffMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures, 10), MAX_PAUSE_MS);
    await pause(Math.max(backoffMs, askedMs), signal);
  }
}

/** The events after `lastEventId`; `undefined` when there will be none. */
async function openStream(
  fetch: Fetch,
  url: string,
  lastEventId: string | undefined,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<OrderStreamEvent> | undefined> {
  const headers = { accept: 'text/event-stream', ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const answer = await fetch(url, { headers, signal: signal ?? null });
  if (answer.status === 204) return undefined;
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (answer.ok && isStream && answer.body !== null) return typedEvents(answer.body);
  await readAnswer(answer);
  throw new UnexpectedAnswerError(answer.status, 'not a stream of events');
}

/** Whether trying again would bring the same; what a restart of the API or a proxy answers does not last. */
function isLasting(error: unknown): boolean {
  if (error instanceof OrdersProblemError) return error.status !== 429 && error.status !== 503;
  return error instanceof UnexpectedAnswerError && error.status < 500;
}

async function* typedEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<OrderStreamEvent> {
  // The document of the API says what its events hold.
  for await (const event of readEvents(body)) yield event as OrderStreamEvent;
}
