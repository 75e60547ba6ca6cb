import { createConnection, type Socket } from 'node:net';

/** What became of a call: `answered` with a message, or `refused` with a status alone. */
export type CallOutcome = 'answered' | 'refused';

/** One connection of HTTP/2, on which many calls are under way; `send` takes the message of a call and rejects when the connection breaks. */
export interface GrpcConnection {
  readonly send: (message: Buffer) => Promise<CallOutcome>;
  readonly close: () => void;
}

const DATA = 0;
const HEADERS = 1;
const RST_STREAM = 3;
const SETTINGS = 4;
const PING = 6;
const WINDOW_UPDATE = 8;

const END_STREAM = 1;
const ACK = 1;
const END_HEADERS = 4;

const FRAME_HEAD_BYTES = 9;

/** So large that the server never waits for room. */
const WINDOW = 0x7fffffff - 65_535;

/**
 * Connects to a server on this machine, for calls of one method. Generating load must be cheap compared with what is measured, so this supports only
 * what is needed of HTTP/2: headers that never change, messages in one piece, and whether an answer came.
 */
export async function connectGrpc(url: string, headers: Readonly<Record<string, string>>): Promise<GrpcConnection> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const calls = new Map<number, { readonly done: PromiseWithResolvers<CallOutcome>; hasMessage: boolean }>();
  const block = encodeHeaders(headers);
  let lastStream = -1;
  socket.write(
    Buffer.concat([greeting(), frame(SETTINGS, 0, 0, initialWindow()), frame(WINDOW_UPDATE, 0, 0, uint32(WINDOW))]),
  );
  readFrames(socket, ({ type, flags, stream, payload }) => {
    if ((type === SETTINGS || type === PING) && (flags & ACK) === 0) {
      socket.write(frame(type, ACK, 0, type === PING ? payload : Buffer.alloc(0)));
    }
    const call = calls.get(stream);
    if (!call) return;
    if (type === DATA && payload.length > 0) call.hasMessage = true;
    if (type !== RST_STREAM && ((type !== DATA && type !== HEADERS) || (flags & END_STREAM) === 0)) return;
    calls.delete(stream);
    call.done.resolve(call.hasMessage ? 'answered' : 'refused');
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const { done } of calls.values()) done.reject(new Error('The connection broke.'));
  });
  return {
    send: (message) => {
      const done = Promise.withResolvers<CallOutcome>();
      lastStream += 2;
      calls.set(lastStream, { done, hasMessage: false });
      socket.write(
        Buffer.concat([frame(HEADERS, END_HEADERS, lastStream, block), frame(DATA, END_STREAM, lastStream, message)]),
      );
      return done.promise;
    },
    close: () => socket.destroy(),
  };
}

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

function readFrames(socket: Socket, onFrame: (read: Frame) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    let at = 0;
    while (received.length - at >= FRAME_HEAD_BYTES) {
      const end = at + FRAME_HEAD_BYTES + received.readUIntBE(at, 3);
      if (end > received.length) break;
      const [type = 0, flags = 0] = received.subarray(at + 3, at + 5);
      const stream = received.readUInt32BE(at + 5) & 0x7fffffff;
      onFrame({ type, flags, stream, payload: received.subarray(at + FRAME_HEAD_BYTES, end) });
      at = end;
    }
    received = received.subarray(at);
  });
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_HEAD_BYTES);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function greeting(): Buffer {
  return Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
}

/** SETTINGS_INITIAL_WINDOW_SIZE. */
function initialWindow(): Buffer {
  return Buffer.concat([Buffer.from([0, 4]), uint32(WINDOW)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Each as a literal that is not to be remembered (RFC 7541, 6.2.2). */
function encodeHeaders(headers: Readonly<Record<string, string>>): Buffer {
  const fields = Object.entries(headers).flatMap(([name, value]) => [
    Buffer.from([0]),
    encodeText(name),
    encodeText(value),
  ]);
  return Buffer.concat(fields);
}

/** A text with its length before it (RFC 7541, 5.1 and 5.2). */
function encodeText(text: string): Buffer {
  const bytes: number[] = [];
  let rest = text.length;
  if (rest < 127) bytes.push(rest);
  else {
    bytes.push(127);
    for (rest -= 127; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
    bytes.push(rest);
  }
  return Buffer.concat([Buffer.from(bytes), Buffer.from(text, 'latin1')]);
}
