import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Bytes of a request, piece by piece; what is slow waits between them. */
export type Pieces = Iterable<string | Buffer> | AsyncIterable<string | Buffer>;

/** What came back over a connection. */
export interface RawAnswer {
  /** Of the first answer; 0 when the connection was closed without one. */
  readonly status: number;
  readonly text: string;
  readonly afterMs: number;
}

/** A request under way over a connection of its own. */
export interface RawRequest {
  /** Resolves when all has been written, or the server takes no more of it. */
  readonly written: Promise<void>;
  readonly answer: Promise<RawAnswer>;
  readonly close: () => void;
}

/** The server does not read what it does not want: then there is nothing to wait for. */
const GIVE_UP_MS = 1_000;

/** Sends bytes as they are over a connection of their own. */
export function sendRaw(port: number, pieces: Pieces): RawRequest {
  const socket = connect(port, '127.0.0.1');
  const startedAt = performance.now();
  let text = '';
  const answer = new Promise<RawAnswer>((resolve) => {
    const settle = () => {
      resolve({ status: statusOf(text), text, afterMs: performance.now() - startedAt });
    };
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (isWhole(text)) settle();
    });
    socket.on('close', settle);
    // A server that has answered may close while we still send.
    socket.on('error', () => {});
  });
  const write = async () => {
    for await (const piece of pieces) {
      if (socket.destroyed) return;
      if (socket.write(piece)) continue;
      await Promise.race([
        once(socket, 'drain'),
        once(socket, 'close'),
        answer,
        delay(GIVE_UP_MS, undefined, { ref: false }),
      ]);
      if (socket.writableNeedDrain) return;
    }
  };
  return { written: write().catch(() => {}), answer, close: () => socket.destroy() };
}

function statusOf(text: string): number {
  // Being told to go on is no answer.
  return Number(/^(?:HTTP\/1\.1 100 [^\r]*\r\n\r\n)?HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  const lines = text.slice(0, end);
  const length = /\r\ncontent-length: (\d+)/i.exec(lines)?.[1];
  if (/\r\ntransfer-encoding: chunked/i.test(lines)) return text.endsWith('0\r\n\r\n');
  return end >= 0 && length !== undefined && text.length >= end + 4 + Number(length);
}
