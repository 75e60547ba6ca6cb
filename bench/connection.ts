import { createConnection, type Socket } from 'node:net';

/** The parts of an answer that a load generator needs. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** One kept-alive HTTP connection; `send` takes one complete request at a time and rejects when the connection breaks. */
export interface HttpConnection {
  readonly send: (request: string) => Promise<Answer>;
  readonly close: () => void;
}

/** The separator between the head and the body. */
const HEAD_END = '\r\n\r\n';

/**
 * Connects to a server on this machine. Generating load must be cheap compared with what is measured, so this supports only what is
 * needed of HTTP/1.1: answers with a Content-Length.
 */
export async function connectHttp(url: string): Promise<HttpConnection> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let received: Buffer = Buffer.alloc(0);
  let pending: PromiseWithResolvers<Answer> | undefined;
  const settle = (settleIt: (waiting: PromiseWithResolvers<Answer>) => void) => {
    const waiting = pending;
    pending = undefined;
    if (waiting) settleIt(waiting);
  };
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (!answer) return;
    received = Buffer.alloc(0);
    settle(({ resolve, reject }) => {
      if (answer instanceof Error) reject(answer);
      else resolve(answer);
    });
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    settle(({ reject }) => {
      reject(new Error('The connection broke.'));
    });
  });
  return {
    send: (request) => sendOn(socket, request, (waiting) => (pending = waiting)),
    close: () => socket.destroy(),
  };
}

function sendOn(socket: Socket, request: string, expect: (waiting: PromiseWithResolvers<Answer>) => void) {
  const waiting = Promise.withResolvers<Answer>();
  if (socket.destroyed) waiting.reject(new Error('The connection is closed.'));
  else {
    expect(waiting);
    socket.write(request);
  }
  return waiting.promise;
}

/** Returns the answer once it is complete. */
function readAnswer(received: Buffer): Answer | Error | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = received.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) return new Error(`An answer without Content-Length: ${head}`);
  const bodyStart = headEnd + HEAD_END.length;
  if (received.length < bodyStart + Number(length)) return undefined;
  return { status: Number(head.slice(9, 12)), body: received.subarray(bodyStart, bodyStart + Number(length)) };
}

/** Builds the bytes of a request, which can be sent many times; a body of type string must be JSON. */
export function httpRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): string {
  const content = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const fields = {
    host: 'localhost',
    ...headers,
    ...(content !== undefined && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(content)),
    }),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}${content ?? ''}`;
}
