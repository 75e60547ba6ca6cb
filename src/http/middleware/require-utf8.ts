import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from '../api.ts';
import { ProblemError } from '../problems/problem.ts';

/**
 * Refuses JSON that is not plain UTF-8, which is the only JSON there is (RFC 8259): read anyway, a letter of another encoding would go
 * on record as a replacement character, and a compressed body as noise.
 */
export const requireUtf8: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const encoding = c.req.header('Content-Encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') throw unsupported('Content-Encoding', 'must be identity');
  const [, type, parameters = ''] = /^\s*([^;\s]+)\s*(.*)$/s.exec(c.req.header('Content-Type') ?? '') ?? [];
  if (type === undefined || !/[/+]json$/i.test(type)) return next();
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(parameters)?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'us-ascii') {
    throw unsupported('Content-Type', 'must have the charset utf-8, or none');
  }
  // Whoever reads the body from here on finds its text; made from the bytes once more, it would cost as much as all the rest of a request.
  const text = textOf(await c.req.arrayBuffer());
  // Hono keeps promises here, whatever its types say.
  c.req.bodyCache = { text: Promise.resolve(text) as unknown as string };
  return next();
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(body: ArrayBuffer): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new ProblemError('VALIDATION', 'The body is not valid UTF-8.', {
      details: [{ pointer: '', message: 'must be valid UTF-8' }],
      cause,
    });
  }
}

function unsupported(header: string, message: string): ProblemError {
  const headers: Record<string, string> = header === 'Content-Encoding' ? { 'Accept-Encoding': 'identity' } : {};
  return new ProblemError('VALIDATION', 'Send the body as JSON in UTF-8, not encoded further.', {
    status: 415,
    headers,
    details: [{ header, message }],
  });
}
