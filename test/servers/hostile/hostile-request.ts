import type { Pieces } from './raw-request.ts';

/** A request that is made to be slow, or to fill the memory. */
export interface HostileRequest {
  readonly name: string;
  /** How it may be answered; 0: closed without an answer. */
  readonly expects: readonly number[];
  /** What the first answer must hold. */
  readonly says?: RegExp;
  /** How often it is sent at the same time, each over a connection of its own. */
  readonly times?: number;
  readonly pieces: () => Pieces;
}

/** Who sends it. */
export interface Tokens {
  readonly customer: string;
  readonly service: string;
  readonly staff: string;
}

interface Head {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The head of a request, as it goes over the wire. */
export function head(start: string, { token, headers = {} }: Head = {}): string {
  const lines = [`${start} HTTP/1.1`, 'host: api'];
  if (token !== undefined) lines.push(`authorization: Bearer ${token}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** A request with a whole body. */
export function whole(
  start: string,
  token: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): () => Pieces {
  const bytes = Buffer.from(body);
  return () => [
    head(start, {
      token,
      headers: { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers },
    }),
    bytes,
  ];
}

/** A request whose body has no stated length. */
export function chunked(
  start: string,
  token: string | undefined,
  chunks: () => Pieces,
  headers: Record<string, string> = {},
): () => Pieces {
  return async function* () {
    yield head(start, {
      ...(token !== undefined && { token }),
      headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked', ...headers },
    });
    for await (const chunk of chunks()) {
      yield `${Buffer.byteLength(chunk).toString(16)}\r\n`;
      yield chunk;
      yield '\r\n';
    }
    yield '0\r\n\r\n';
  };
}
