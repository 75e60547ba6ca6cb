import { encodings, type Encoding } from '../../../imports/decode-text.ts';
import { ProblemError } from '../../problems/problem.ts';

/** The encoding that the `Content-Type` of a CSV body states, if any. Throws VALIDATION with status 415 for another type or an unknown charset. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  const match = /^text\/csv\s*(?:;.*?charset\s*=\s*"?([\w-]+)"?.*|;.*)?$/i.exec(contentType ?? '');
  if (!match) {
    throw new ProblemError('VALIDATION', 'Send the body as text/csv.', {
      status: 415,
      details: [{ header: 'Content-Type', message: 'must be text/csv' }],
    });
  }
  const charset = match[1];
  if (charset === undefined) return undefined;
  const known = encodings.find(
    (encoding) => encoding === (charsetAliases[charset.toLowerCase()] ?? charset.toLowerCase()),
  );
  if (known) return known;
  throw new ProblemError('VALIDATION', `The charset "${charset}" is not supported.`, {
    status: 415,
    details: [{ header: 'Content-Type', message: `charset must be one of ${encodings.join(', ')}` }],
  });
}

const charsetAliases: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  cp1252: 'windows-1252',
  latin1: 'iso-8859-1',
  'utf-16': 'utf-16le',
};
