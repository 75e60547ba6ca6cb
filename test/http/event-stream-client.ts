/** An event as it came over the wire, and when. */
export interface HeardEvent {
  readonly id: string;
  readonly event: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read whatever the wire holds
  readonly data: any;
}

/** A client of a stream of events. */
export interface StreamClient {
  readonly status: number;
  readonly headers: Headers;
  readonly events: readonly HeardEvent[];
  /** Everything that came, comments included. */
  readonly text: () => string;
  /** Resolves when the stream has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

/** Opens a stream and reads it until it ends or is left. */
export async function openEventStream(url: string, token: string, lastEventId?: string): Promise<StreamClient> {
  const leaving = new AbortController();
  const response = await fetch(url, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: leaving.signal,
  });
  const events: HeardEvent[] = [];
  let text = '';
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    ended: read(response, (chunk) => {
      const from = text.lastIndexOf('\n\n') + 2;
      text += chunk;
      const blocks = text.slice(from < 2 ? 0 : from).split('\n\n');
      for (const block of blocks.slice(0, -1)) events.push(...parse(block));
    }),
    leave: () => {
      leaving.abort();
    },
  };
}

async function read(response: Response, onChunk: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body ?? []) onChunk(decoder.decode(chunk, { stream: true }));
  } catch {
    // Left, or cut off.
  }
}

function parse(block: string): HeardEvent[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  if (field('event') === '') return [];
  return [{ id: field('id'), event: field('event'), data: JSON.parse(field('data')) }];
}
