import type { EventSink, OpenableSink } from './event-sink.ts';

/** A sink that does not take anything now; its cause says why. */
export class SinkAwayError extends Error {
  override readonly name = 'SinkAwayError';

  readonly sink: string;

  constructor(sink: string, cause: unknown) {
    super(`sink ${sink} is away`, { cause });
    this.sink = sink;
  }

  /** Why, for people: what every error says that led to it. */
  get reason(): string {
    const said: string[] = [];
    let { cause } = this;
    for (; cause instanceof Error; cause = cause.cause) said.push(cause.message);
    return said.join(': ') || String(this.cause);
  }
}

/** A sink that is opened at its first delivery, and again at the first one after a failure. Rejects with {@link SinkAwayError}. */
export function openLazily({ name, open }: OpenableSink): EventSink {
  let opened: EventSink | undefined;
  const close = async () => {
    const closing = opened;
    opened = undefined;
    await closing?.close().catch(() => {});
  };
  return {
    name,
    deliver: async (events) => {
      try {
        opened ??= await open();
        return await opened.deliver(events);
      } catch (error) {
        await close();
        throw new SinkAwayError(name, error);
      }
    },
    close,
  };
}
