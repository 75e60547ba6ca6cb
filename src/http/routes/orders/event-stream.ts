/** Proxies and clients close a connection that is silent for half a minute. */
const HEARTBEAT_MS = 15_000;

/** The most bytes that wait for a client that reads slowly; one that falls further behind is cut off and can resume. */
const MAX_WAITING_BYTES = 64_000;

/** How long a client waits before it reconnects: time enough for a process that stops to be replaced. */
const RETRY_MS = 2_000;

/** An event on the wire; `data` is written as JSON. */
export interface ServerSentEvent {
  readonly id: number;
  readonly event: string;
  readonly data: unknown;
}

/** How long a stream lives at most, and how to break the connection of a client that does not read: it would not learn of an orderly end. */
export interface StreamLimits {
  readonly lifeMs: number;
  readonly cutOff: () => void;
}

/** An open stream of server-sent events. What is sent after its end is dropped. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly send: (events: readonly ServerSentEvent[]) => void;
  /** Ends it after what has been sent. */
  readonly end: () => void;
}

/**
 * Opens a stream that sends comments while nothing happens, and keeps a bounded number of bytes for a client that does not read. `onEnd` is called once, however it ends.
 */
export function openEventStream({ lifeMs, cutOff }: StreamLimits, onEnd: () => void): EventStream {
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const release = () => {
    if (controller === undefined) return false;
    controller = undefined;
    beating.delete(beat);
    clearTimeout(timer);
    onEnd();
    return true;
  };
  const write = (text: string) => {
    if ((controller?.desiredSize ?? 0) > 0) controller?.enqueue(encoder.encode(text));
    else if (release()) cutOff();
  };
  const end = () => {
    const open = controller;
    if (release()) open?.close();
  };
  const beat = () => {
    write(':\n\n');
  };
  const timer = setTimeout(end, lifeMs).unref();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start: (started) => {
        controller = started;
      },
      cancel: () => {
        release();
      },
    },
    { highWaterMark: MAX_WAITING_BYTES, size: (chunk) => chunk?.byteLength ?? 0 },
  );
  startBeating(beat);
  write(`retry: ${RETRY_MS}\n\n`);
  return {
    body,
    // In one piece, so that events that were read together are sent or dropped together.
    send: (events) => {
      if (controller && events.length > 0) write(events.map(toText).join(''));
    },
    end,
  };
}

function toText({ id, event, data }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The heartbeat of all open streams, by one timer. */
const beating = new Set<() => void>();
let beatTimer: NodeJS.Timeout | undefined;

function startBeating(beat: () => void): void {
  beating.add(beat);
  beatTimer ??= setInterval(() => {
    for (const each of beating) each();
  }, HEARTBEAT_MS).unref();
}
