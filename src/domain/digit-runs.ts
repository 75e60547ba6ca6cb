import { DIGIT_KINDS, kindsOf, PLUS, SEPARATOR, UNSEEN } from './character-kinds.ts';

/** Digits of a text with no letter between them. */
export interface DigitRun {
  readonly digits: readonly number[];
  /** Where in the text each digit stands. */
  readonly at: readonly number[];
  /** Whether each digit is the first of its group: something stands between it and the one before. */
  readonly groupStarts: readonly boolean[];
  /** Whether the run follows a `+`. */
  readonly afterPlus: boolean;
}

/** Digits that stand further apart are not of one number. */
const MAX_SEPARATORS = 8;

/** The runs of at least `minDigits` digits in a text. Digits of other scripts and widths count, and characters that don't show are passed over. */
export function readDigitRuns(text: string, minDigits: number): DigitRun[] {
  if (!mayHold(text, minDigits)) return [];
  const runs: DigitRun[] = [];
  let run = startRun(false);
  let separators = 0;
  const endRun = (afterPlus: boolean) => {
    if (run.digits.length >= minDigits) runs.push(run);
    if (run.digits.length > 0 || run.afterPlus !== afterPlus) run = startRun(afterPlus);
    separators = 0;
  };
  const take = (kind: number, place: number) => {
    if (kind < DIGIT_KINDS) {
      run.digits.push(kind);
      run.at.push(place);
      run.groupStarts.push(run.digits.length === 1 || separators > 0);
      separators = 0;
    } else if (kind === SEPARATOR) {
      separators += 1;
      if (separators > MAX_SEPARATORS) endRun(false);
    } else if (kind !== UNSEEN) {
      endRun(kind === PLUS);
    }
  };
  for (let at = 0; at < text.length; at += 1) {
    const place = at;
    const codePoint = text.codePointAt(at) ?? 0;
    if (codePoint > LAST_OF_ONE_UNIT) at += 1;
    const kinds = kindsOf(codePoint);
    if (typeof kinds === 'number') take(kinds, place);
    else for (const kind of kinds) take(kind, place);
  }
  endRun(false);
  return runs;
}

/**
 * Whether a text may hold a run, without collecting any: most texts, such as lines of a log, hold none. One character may stand for two
 * digits, such as U+32B7 (a circled 42).
 */
function mayHold(text: string, minDigits: number): boolean {
  if (text.length * 2 < minDigits) return false;
  let digits = 0;
  let separators = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= FIRST_BEYOND_ASCII) return true;
    const kind = kindsOf(code);
    if (kind === SEPARATOR) {
      separators += 1;
    } else {
      const isDigit = typeof kind === 'number' && kind < DIGIT_KINDS;
      digits = isDigit ? (separators > MAX_SEPARATORS ? 1 : digits + 1) : 0;
      separators = 0;
      if (digits >= minDigits) return true;
    }
  }
  return false;
}

const FIRST_BEYOND_ASCII = 0x80;

/** Characters after this one take two UTF-16 units. */
const LAST_OF_ONE_UNIT = 0xffff;

function startRun(afterPlus: boolean) {
  const digits: number[] = [];
  const at: number[] = [];
  const groupStarts: boolean[] = [];
  return { digits, at, groupStarts, afterPlus };
}
