import { readFileSync } from 'node:fs';
import {
  createSecureServer,
  createServer,
  Http2ServerRequest,
  Http2ServerResponse,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { ConfigError } from '../config.ts';
import { answerCall } from './answer-call.ts';
import { answerPlainCall, isPlain } from './answer-plain-call.ts';
import type { GrpcDoor } from './door.ts';
import { keepAlive } from './keep-alive.ts';
import { renewCertificate } from './renew-certificate.ts';
import { createReport } from './report-call.ts';
import { createHandlers } from './router.ts';

/** Where gRPC is served, and with which certificate if it is over TLS. */
export interface GrpcSettings {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** How long the sender of a message may be silent; see `BODY_TIMEOUT`. */
  readonly silenceMs: number;
  /** How often the certificate's files are looked at. */
  readonly lookEveryMs?: number;
}

/** A server that listens. */
export interface GrpcServer {
  /** Goes on answering, and tells clients to open their next connection elsewhere. */
  readonly sendAway: () => void;
  /** Accepts no more calls and resolves when the open ones are answered; what is open after `limitMs` is cut off. */
  readonly close: (limitMs: number) => Promise<void>;
}

/** Each takes some kilobytes; a client needs one. */
const MAX_CONNECTIONS = 5_000;

/** Calls of one client at a time. */
const MAX_CALLS_OF_CONNECTION = 250;

/** Calls of all clients at a time, streams not counted: what they hold in memory is bounded by it, a quarter of a megabyte each at most. */
const MAX_CALLS = 1_000;

/** Room for a long token. */
const MAX_HEADER_BYTES = 16_384;

/** Serves gRPC until closed; a taken port, and a certificate that can't be read, is a {@link ConfigError} that names the variable. */
export async function serveGrpc(door: GrpcDoor, settings: GrpcSettings): Promise<GrpcServer> {
  const server = createHttp2Server(settings.tls);
  const stopRenewing = keepCertificate(server, settings, door.logger);
  const sessions = new Set<ServerHttp2Session>();
  let isSendingAway = false;
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    // What a broken connection says of itself; its calls are told.
    session.on('error', () => {});
  });
  const answer = createAnswer(door, settings.silenceMs);
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _: number, rawHeaders: string[]) => {
    const { session } = stream;
    // What a broken stream says of itself.
    stream.on('error', () => {});
    if (isSendingAway) stream.once('close', () => session?.close());
    answer(stream, headers, rawHeaders);
  });
  server.maxConnections = MAX_CONNECTIONS;
  const stopKeepingAlive = keepAlive(sessions);
  await listen(server, settings);
  const sendAway = () => {
    isSendingAway = true;
    for (const session of sessions) session.close();
  };
  return {
    sendAway,
    close: async (limitMs) => {
      const closed = Promise.withResolvers<void>();
      server.close(() => {
        closed.resolve();
      });
      sendAway();
      const limit = setTimeout(() => {
        for (const session of sessions) session.destroy();
      }, limitMs);
      await closed.promise;
      clearTimeout(limit);
      stopKeepingAlive();
      stopRenewing();
    },
  };
}

function createHttp2Server(tls: GrpcSettings['tls']): Http2Server | Http2SecureServer {
  const options = {
    settings: { maxConcurrentStreams: MAX_CALLS_OF_CONNECTION, maxHeaderListSize: MAX_HEADER_BYTES },
  };
  if (!tls) return createServer(options);
  const pair = readPair(tls);
  try {
    return createSecureServer({ ...options, ...pair, allowHTTP1: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`GRPC_TLS_CERT and GRPC_TLS_KEY are no certificate and its key: ${why}`);
  }
}

function keepCertificate(
  server: Http2Server | Http2SecureServer,
  { tls, lookEveryMs }: GrpcSettings,
  logger: GrpcDoor['logger'],
): () => void {
  if (!tls || !('setSecureContext' in server)) return () => {};
  return renewCertificate(server, [tls.certFile, tls.keyFile], () => readPair(tls), logger, lookEveryMs);
}

function readPair({ certFile, keyFile }: NonNullable<GrpcSettings['tls']>): { cert: Buffer; key: Buffer } {
  return { cert: readPem('GRPC_TLS_CERT', certFile), key: readPem('GRPC_TLS_KEY', keyFile) };
}

function readPem(variable: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError(
      `${variable} names a file that can't be read: ${error instanceof Error ? error.message : file}`,
    );
  }
}

/** Answers what comes, as many calls at a time as there is room for. */
function createAnswer(door: GrpcDoor, silenceMs: number) {
  const { universal, plain } = createHandlers(door);
  const report = createReport(door.logger, door.logSample);
  let open = 0;
  return (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): void => {
    const [path = ''] = (headers[':path'] ?? '').split('?', 1);
    const handler = universal.get(path);
    // Clients of gRPC take these statuses of HTTP for UNIMPLEMENTED and UNAVAILABLE.
    if (!handler) return stream.respond({ ':status': 404 }, { endStream: true });
    const isStream = handler.method.methodKind !== 'unary';
    if (!isStream && open >= MAX_CALLS)
      return stream.respond({ ':status': 503, 'retry-after': '2' }, { endStream: true });
    if (!isStream) {
      open += 1;
      stream.once('close', () => {
        open -= 1;
      });
    }
    endSilent(stream, silenceMs);
    const method = isPlain(headers) ? plain.get(path) : undefined;
    const answered = method
      ? answerPlainCall(door, method, report, [stream, headers])
      : answerCall(door, handler, report, [
          new Http2ServerRequest(stream, headers, {}, rawHeaders),
          new Http2ServerResponse(stream),
        ]);
    answered.catch((error: unknown) => {
      // The client has gone.
      door.logger.debug({ err: error }, 'call not answered');
      stream.close();
    });
  };
}

/** Ends a call whose message does not come. */
function endSilent(stream: ServerHttp2Stream, silenceMs: number): void {
  stream.setTimeout(silenceMs, () => {
    stream.close();
  });
  stream.once('end', () => {
    stream.setTimeout(0);
  });
}

async function listen(server: Http2Server | Http2SecureServer, { host, port }: GrpcSettings): Promise<void> {
  const listening = Promise.withResolvers<void>();
  server.once('error', (error) => {
    const taken = 'code' in error && error.code === 'EADDRINUSE';
    listening.reject(taken ? new ConfigError(`Port ${port} is taken: set GRPC_PORT to another one`) : error);
  });
  server.listen(port, host, () => {
    listening.resolve();
  });
  await listening.promise;
}
