import { RequestError } from '../access/request-error.ts';

/** The most updates that wait for a client that reads slowly: ten times as many as most orders ever have. */
const MAX_WAITING = 100;

/** What a client is told, one after the other, until it ends or fails. What is pushed after that is dropped. */
export interface Updates<T> extends AsyncIterable<T> {
  readonly push: (batch: readonly T[]) => void;
  /** Ends after what was pushed. */
  readonly end: () => void;
  /** Fails at once: what waits is dropped, and the client comes back for it. */
  readonly fail: (error: RequestError) => void;
}

/** Opens updates for one client, until `signal` says that it has left. `onEnd` is called once, however they end. */
export function openUpdates<T>(signal: AbortSignal, onEnd: () => void): Updates<T> {
  let controller: ReadableStreamDefaultController<T> | undefined;
  const release = () => {
    const open = controller;
    controller = undefined;
    if (open) onEnd();
    return open;
  };
  const stream = new ReadableStream<T>(
    {
      start: (started) => {
        controller = started;
      },
      cancel: () => {
        release();
      },
    },
    { highWaterMark: MAX_WAITING },
  );
  const end = () => {
    release()?.close();
  };
  const fail = (error: RequestError) => {
    release()?.error(error);
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return {
    push: (batch) => {
      if ((controller?.desiredSize ?? 0) < batch.length) fail(tooSlow());
      for (const update of batch) controller?.enqueue(update);
    },
    end,
    fail,
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  };
}

function tooSlow(): RequestError {
  return new RequestError('UNAVAILABLE', 'The updates were not read in time: go on after the last one.', {
    retryAfterSeconds: 1,
  });
}
