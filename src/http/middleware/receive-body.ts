import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { ProblemError } from '../problems/problem.ts';

/** Bytes a second that the sender of a body must average once it has kept us waiting for as long as it may be silent: a tenth of a modem's. */
const MIN_BYTES_PER_SECOND = 1_000;

/**
 * The body of a request in pieces, as they come; each is asked for when the one before has been dealt with. Throws VALIDATION with status 408
 * when the sender is silent for `silenceMs`, or slower than {@link MIN_BYTES_PER_SECOND}, and with 400 when it hangs up. Only waiting for the sender counts, never the
 * time that a piece takes to be dealt with.
 */
export async function* receiveBody(c: Context, silenceMs: number): AsyncGenerator<Uint8Array> {
  const source = openBody(c);
  let received = 0;
  let waitedMs = 0;
  try {
    for (;;) {
      const askedAt = performance.now();
      const next = await inTime(source.next().catch(cutOff), silenceMs);
      if (next.done === true) return;
      waitedMs += performance.now() - askedAt;
      received += next.value.length;
      if (received < ((waitedMs - silenceMs) / 1_000) * MIN_BYTES_PER_SECOND) throw tooSlow();
      yield next.value;
    }
  } finally {
    // Not awaited: it does not end before the sender does.
    source.return?.(undefined).catch(() => {});
  }
}

/** What the connection has, without the copies of a web stream; leaves it open, so that the request can still be answered. */
function openBody({ env, req }: Context): AsyncIterator<Uint8Array, unknown> {
  const { incoming, outgoing } = (env ?? {}) as Partial<HttpBindings>;
  if (!incoming) return Readable.from(req.raw.body ?? [])[Symbol.asyncIterator]();
  // Until now the sender was kept from sending what might not be wanted.
  if (expectsContinue(incoming.headers.expect) && outgoing && 'writeContinue' in outgoing) outgoing.writeContinue();
  return incoming.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer, unknown>;
}

/** Whether the sender of a body waits to be told that it is wanted (RFC 9110, 10.1.1). */
function expectsContinue(expect: string | undefined): boolean {
  return expect?.toLowerCase() === '100-continue';
}

async function inTime<T>(work: Promise<T>, maxMs: number): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(tooSlow());
  }, maxMs);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function cutOff(cause: unknown): never {
  throw new ProblemError('VALIDATION', 'The body was cut off; nothing was done.', {
    details: [{ pointer: '', message: 'is not complete' }],
    cause,
  });
}

function tooSlow(): ProblemError {
  return new ProblemError('VALIDATION', 'The body comes too slowly, or not at all: send it again.', {
    status: 408,
    details: [{ pointer: '', message: `must come at ${MIN_BYTES_PER_SECOND} bytes a second or faster` }],
  });
}
