import { createParser } from 'eventsource-parser';

/** A server-sent event; `data` is parsed JSON. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** The API writes at least every 15 seconds; three times as long without a byte is a lost connection. */
const SILENCE_MS = 45_000;

/** The events of a stream, without the comments that keep it alive. Throws when the stream is silent for too long. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs = SILENCE_MS,
): AsyncGenerator<ServerEvent> {
  const parsed: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event = 'message', data }) => parsed.push({ id, event, data: JSON.parse(data) as unknown }),
  });
  for await (const text of chunks(body, silenceMs)) {
    parser.feed(text);
    yield* parsed.splice(0);
  }
}

async function* chunks(body: ReadableStream<Uint8Array>, silenceMs: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), silenceMs);
      if (done) return;
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    // Closes the connection when the caller stops early; that it may be broken already does not matter.
    await reader.cancel().catch(() => undefined);
  }
}

async function inTime<Value>(reading: Promise<Value>, limitMs: number): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the stream was silent for ${limitMs / 1_000} seconds`));
    }, limitMs);
  });
  try {
    return await Promise.race([reading, silence]);
  } finally {
    clearTimeout(timer);
  }
}
