import { findEncoding, type Encoding } from '../../../imports/decode-text.ts';
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
  const known = findEncoding(charset);
  if (known !== undefined) return known;
  throw new ProblemError('VALIDATION', `The charset "${charset}" is not supported.`, {
    status: 415,
    details: [
      {
        header: 'Content-Type',
        message:
          'charset must be the name of an encoding, such as utf-8, windows-1252, windows-1250, shift_jis or utf-16le',
      },
    ],
  });
}
