import { badLine } from './bound-lines.ts';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = 0xfeff;

/** Where in a CSV a character stands. */
type Place = 'cell start' | 'plain' | 'quoted' | 'closed';

/** A CSV's text as it comes, and what its quotes and its end say. */
export interface FollowedText {
  readonly texts: AsyncGenerator<string, undefined>;
  /** After the last text: whether it ends inside a line, so that its last cell may have been longer. */
  readonly isCutOff: () => boolean;
}

/**
 * Passes the text of a CSV on and follows its quotes. Reading throws VALIDATION, with the number of the line, where a quoted cell goes on after its
 * closing quote: then nobody can tell which of the following quotes open a cell and which close one. A quote inside a plain cell is an inch mark.
 */
export function followQuotes(source: AsyncIterable<string>, delimiter: string): FollowedText {
  const cell = delimiter.charCodeAt(0);
  let place: Place = 'cell start';
  let isInLine = false;
  let line = 1;
  let last = BYTE_ORDER_MARK;

  const follow = (text: string) => {
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === CARRIAGE_RETURN || (code === LINE_FEED && last !== CARRIAGE_RETURN)) line += 1;
      last = code;
      if (place === 'quoted') {
        if (code === QUOTE) place = 'closed';
      } else if (code === CARRIAGE_RETURN || code === LINE_FEED) {
        [place, isInLine] = ['cell start', false];
      } else if (code === cell) {
        [place, isInLine] = ['cell start', true];
      } else if (code === QUOTE && place !== 'plain') {
        [place, isInLine] = ['quoted', true];
      } else if (place === 'closed') {
        throw badLine(line, 'has a cell that goes on after its closing quote: double the quotes inside it');
      } else if (code !== BYTE_ORDER_MARK || isInLine) {
        [place, isInLine] = ['plain', true];
      }
    }
  };

  const texts = async function* (): AsyncGenerator<string, undefined> {
    for await (const text of source) {
      follow(text);
      yield text;
    }
    return undefined;
  };
  return { texts: texts(), isCutOff: () => isInLine && place !== 'closed' };
}
