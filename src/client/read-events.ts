/** One server-sent event; `data` is parsed where it is JSON. */
export interface ServerEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly data: unknown;
}

/** The server writes at least every 15 seconds; whoever hears nothing for three times as long has lost it. */
const SILENCE_MS = 45_000;

/** The events of a stream; comments, which keep it alive, are left out. Throws when the stream falls silent. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  silenceMs = SILENCE_MS,
): AsyncGenerator<ServerEvent> {
  let buffered = '';
  for await (const text of chunks(body, silenceMs)) {
    buffered += text;
    // A carriage return at the end may be half of a line break.
    const whole = buffered.endsWith('\r') ? buffered.length - 1 : buffered.length;
    const blocks = buffered.slice(0, whole).split(/\r\n\r\n|\n\n|\r\r/);
    buffered = (blocks.pop() ?? '') + buffered.slice(whole);
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event !== undefined) yield event;
    }
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
    // Whoever stops reading leaves no connection behind; that it is broken already is no news.
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

function parseEvent(block: string): ServerEvent | undefined {
  const fields = new Map<string, string[]>();
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name !== '') fields.set(name, [...(fields.get(name) ?? []), value]);
  }
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return {
    id: fields.get('id')?.at(-1),
    type: fields.get('event')?.at(-1) ?? 'message',
    data: parsed(data.join('\n')),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
