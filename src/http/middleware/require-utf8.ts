import type { Context } from 'hono';
import { ProblemError } from '../problems/problem.ts';

/**
 * Refuses by its headers a body that is not JSON in plain UTF-8, which is the only JSON there is (RFC 8259): read anyway, a letter of another
 * encoding would go on record as a replacement character, and a compressed body as noise.
 */
export function requireUtf8Json(c: Context): void {
  refuseEncoded(c);
  const [type = '', ...parameters] = (c.req.header('Content-Type') ?? '').split(';');
  if (!/^application\/([a-z.-]+\+)?json$/i.test(type.trim())) throw otherType();
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=', 2);
    if (name.trim().toLowerCase() !== 'charset') continue;
    if (!['utf-8', 'us-ascii'].includes(value.replaceAll('"', '').trim().toLowerCase())) {
      throw refused('Content-Type', 'must have the charset utf-8, or none', 'Send the body as JSON in UTF-8.');
    }
  }
}

/** Refuses by its headers a body that is compressed or otherwise encoded. */
export function refuseEncoded(c: Context): void {
  const encoding = c.req.header('Content-Encoding')?.trim().toLowerCase() ?? '';
  if (encoding !== '' && encoding !== 'identity') {
    throw refused('Content-Encoding', 'must be identity', 'Send the body as it is, not compressed or encoded further.');
  }
}

/** The refusal of a body that is something else than JSON. */
function otherType(): ProblemError {
  return new ProblemError('VALIDATION', 'Send the body as application/json.', {
    status: 415,
    details: [{ header: 'Content-Type', message: 'must be application/json' }],
  });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body; throws VALIDATION when it is not UTF-8. */
export function decodeUtf8(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch (cause) {
    throw new ProblemError('VALIDATION', 'The body is not valid UTF-8.', {
      details: [{ pointer: '', message: 'must be valid UTF-8' }],
      cause,
    });
  }
}

function refused(header: string, message: string, how: string): ProblemError {
  const headers: Record<string, string> = header === 'Content-Encoding' ? { 'Accept-Encoding': 'identity' } : {};
  return new ProblemError('VALIDATION', how, { status: 415, headers, details: [{ header, message }] });
}
