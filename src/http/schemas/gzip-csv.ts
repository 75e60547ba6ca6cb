import type { csv } from './csv-response.ts';

/** The documentation of an answer of CSV that may be asked for as a compressed file. */
export function gzipped(documented: ReturnType<typeof csv>) {
  const binary = { schema: { type: 'string', format: 'binary' } as const };
  return { ...documented, content: { ...documented.content, 'application/gzip': binary } };
}

/** How a client asks for compression. */
export interface GzipWish {
  /** It wants a compressed file. */
  readonly compress: 'gzip' | undefined;
  /** Its `Accept-Encoding`. */
  readonly acceptEncoding: string | undefined;
}

/** Compresses an answer of CSV as it streams: into a file, or on its way to a client that accepts that; otherwise it stays as it is. */
export function gzipCsv(answer: Response, { compress, acceptEncoding }: GzipWish): Response {
  const headers = new Headers(answer.headers);
  headers.set('vary', 'Accept-Encoding');
  if (compress === undefined && !acceptsGzip(acceptEncoding)) return new Response(answer.body, { headers });
  if (compress === undefined) {
    headers.set('content-encoding', 'gzip');
  } else {
    headers.set('content-type', 'application/gzip');
    headers.set('content-disposition', (headers.get('content-disposition') ?? '').replace(/\.csv"$/, '.csv.gz"'));
  }
  return new Response(answer.body?.pipeThrough(new CompressionStream('gzip')) ?? null, { headers });
}

/** A quality of 0 refuses it (RFC 9110, section 12.5.3). */
function acceptsGzip(acceptEncoding = ''): boolean {
  return acceptEncoding.split(',').some((coding) => {
    const [name = '', ...parameters] = coding.split(';').map((part) => part.trim().toLowerCase());
    return (name === 'gzip' || name === '*') && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
