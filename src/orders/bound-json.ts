import { BACKSLASH, COMMA, isClosing, isOpening, QUOTE } from './json-characters.ts';

/** An order of a thousand lines has half of these; what has more of them than it has text is made to be slow. */
const MAX_VALUES = 10_000;

/** An order has four levels. */
const MAX_DEPTH = 32;

/** A value and what parts it from the next one take this many characters at least. */
const MIN_CHARACTERS_OF_VALUE = 2;

/** Why JSON is not worth parsing, which takes far longer than to count its values and levels; `undefined` when it is. */
export function excessOfJson(text: string): string | undefined {
  if (text.length < MAX_VALUES * MIN_CHARACTERS_OF_VALUE) return undefined;
  let values = 1;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at += 1;
      else isInString = code !== QUOTE;
    } else if (code === QUOTE) {
      isInString = true;
    } else if (code === COMMA) {
      values += 1;
    } else if (isOpening(code)) {
      // What it holds begins with a value.
      values += 1;
      depth += 1;
    } else if (isClosing(code)) {
      depth -= 1;
    }
    if (values > MAX_VALUES) return `must hold at most ${MAX_VALUES} values`;
    if (depth > MAX_DEPTH) return `must have at most ${MAX_DEPTH} levels`;
  }
  return undefined;
}
