import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { parseTimeout, setTrailerStatus } from '@connectrpc/connect/protocol-grpc';
import type { GrpcDoor } from './door.ts';
import { openCall } from './open-call.ts';
import type { PlainMethod } from './plain-method.ts';
import type { ReportCall } from './report-call.ts';
import type { Call, CallMetadata } from './call.ts';
import { refuse } from './serve-call.ts';

/** Whether a call is plain gRPC: one message of protobuf that is not compressed, as almost every call is. */
export function isPlain(headers: IncomingHttpHeaders): boolean {
  const { 'content-type': type, 'grpc-encoding': encoding = 'identity' } = headers;
  return headers[':method'] === 'POST' && encoding === 'identity' && plainTypes.has(type ?? '');
}

const plainTypes = new Set(['application/grpc', 'application/grpc+proto']);

/**
 * Answers a plain call by its method, and reports the call when it is over. This does what Connect would, whose many layers take four times as
 * long for it as all the rest of a read: see docs/decisions.md.
 */
export async function answerPlainCall(
  door: GrpcDoor,
  method: PlainMethod,
  report: ReportCall,
  [stream, headers]: readonly [ServerHttp2Stream, IncomingHttpHeaders],
): Promise<void> {
  const call = openCall(door.access, headers, stream.session?.socket.remoteAddress);
  let status: number = Code.Canceled;
  stream.once('close', () => {
    report(call, stream.rstCode === constants.NGHTTP2_NO_ERROR ? status : Code.Canceled);
  });
  try {
    const deadline = readDeadline(headers);
    // Before the message is read: who may not call sends none.
    await call.admission.catch((error: unknown) => {
      throw refuse(door, call, error);
    });
    const message = takeMessage(await readBody(stream, method.maxBytes));
    const answer = await method.answer(message, call, toMetadata(headers, deadline));
    status = 0;
    sendAnswer(stream, call, answer);
  } catch (error) {
    const failure = ConnectError.from(error, Code.Internal);
    status = failure.code;
    sendStatus(stream, call, failure);
  }
}

/** The flags and the length before each message. */
const HEAD_BYTES = 5;

/** Reads by events: an iterator would destroy the stream, on which the refusal of what is too large has still to be sent. */
function readBody(stream: ServerHttp2Stream, maxBytes: number): Promise<Buffer> {
  const read = Promise.withResolvers<Buffer>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    const isLarge = chunks.length === 0 && chunk.length >= HEAD_BYTES && chunk.readUInt32BE(1) > maxBytes;
    if (isLarge || bytes > maxBytes + HEAD_BYTES) read.reject(tooLarge(maxBytes));
    else chunks.push(chunk);
  });
  stream.once('end', () => {
    read.resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  });
  stream.once('close', () => {
    // An error that nobody needs would cost a call a stack trace.
    if (!stream.readableEnded) read.reject(new ConnectError('The caller has left.', Code.Canceled));
  });
  return read.promise;
}

function tooLarge(maxBytes: number): ConnectError {
  return new ConnectError(`The message is larger than ${maxBytes} bytes.`, Code.ResourceExhausted);
}

function takeMessage(body: Buffer): Buffer {
  if (body.length === 0) throw new ConnectError('There is no message.', Code.Unimplemented);
  const length = body.length < HEAD_BYTES ? Number.POSITIVE_INFINITY : body.readUInt32BE(1);
  if (HEAD_BYTES + length > body.length) throw new ConnectError('The message is cut off.', Code.InvalidArgument);
  if (HEAD_BYTES + length < body.length) throw new ConnectError('There is more than one message.', Code.Unimplemented);
  if (body[0] !== 0) throw new ConnectError('The message is compressed, and does not say how.', Code.Internal);
  return body.subarray(HEAD_BYTES);
}

/** When the caller stops waiting, in the time of `performance.now()`. */
function readDeadline({ 'grpc-timeout': given }: IncomingHttpHeaders): number | undefined {
  if (typeof given !== 'string') return undefined;
  const { timeoutMs, error } = parseTimeout(given, Number.POSITIVE_INFINITY);
  if (error) throw error;
  return timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
}

function toMetadata(headers: IncomingHttpHeaders, deadline: number | undefined): CallMetadata {
  return {
    requestHeader: {
      get: (name) => {
        const value = headers[name];
        return typeof value === 'string' ? value : null;
      },
    },
    timeoutMs: () => (deadline === undefined ? undefined : deadline - performance.now()),
    signal: neverAborted,
  };
}

/** What is asked for is done, whether or not the caller waits for it. */
const { signal: neverAborted } = new AbortController();

function sendAnswer(stream: ServerHttp2Stream, { requestId }: Call, answer: Uint8Array): void {
  if (stream.destroyed || stream.closed) return;
  const framed = Buffer.allocUnsafe(HEAD_BYTES + answer.length);
  framed[0] = 0;
  framed.writeUInt32BE(answer.length, 1);
  framed.set(answer, HEAD_BYTES);
  stream.respond(
    { ':status': 200, 'content-type': 'application/grpc+proto', 'x-request-id': requestId },
    { waitForTrailers: true },
  );
  stream.once('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': '0' });
  });
  stream.end(framed);
}

/** Sends a status without an answer, and reads no more of the message. */
function sendStatus(stream: ServerHttp2Stream, { requestId }: Call, failure: ConnectError): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return;
  const status = Object.fromEntries(setTrailerStatus(new Headers(), failure));
  const headers = { ':status': 200, 'content-type': 'application/grpc+proto', 'x-request-id': requestId, ...status };
  stream.respond(headers, { endStream: true });
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}
