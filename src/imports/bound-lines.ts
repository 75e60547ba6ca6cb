import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../domain/refusal.ts';

/** Far longer than the longest row of an order; without a limit an endless line would fill the memory. */
export const MAX_LINE_CHARACTERS = 1_000_000;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Characters passed on at a time: so many tiny rows are parsed in some milliseconds, before other requests have their turn. */
const CHARACTERS_AT_ONCE = 16_384;

/** Passes text on as it comes, in small parts. Throws VALIDATION, with the number of the line, when a line is too long. */
export async function* boundLines(texts: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  let line = 1;
  let length = 0;
  let last = 0;
  for await (const text of texts) {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || code === CARRIAGE_RETURN) {
        if (code === CARRIAGE_RETURN || last !== CARRIAGE_RETURN) line += 1;
        length = 0;
      } else {
        length += 1;
      }
      if (length > MAX_LINE_CHARACTERS) throw badLine(line, `is longer than ${MAX_LINE_CHARACTERS} characters`);
      last = code;
    }
    for (let at = 0; at < text.length; at += CHARACTERS_AT_ONCE) {
      if (at > 0) await setImmediate();
      yield text.slice(at, at + CHARACTERS_AT_ONCE);
    }
  }
  return undefined;
}

/** The refusal of a file because of one line. */
export function badLine(line: number, message: string): Refusal {
  return new Refusal('VALIDATION', `The body can't be read as CSV: line ${line} ${message}.`, {
    details: [{ pointer: '', line, message }],
  });
}
