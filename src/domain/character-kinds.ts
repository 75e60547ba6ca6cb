/** What a character is to somebody who looks for numbers: a digit is its value, which is less than this. */
export const DIGIT_KINDS = 10;

/** It does not show. */
export const UNSEEN = 10;

/** It may stand between the groups of a number. */
export const SEPARATOR = 11;

/** It begins a telephone number. */
export const PLUS = 12;

/** It ends a number. */
const LETTER = 13;

/** The kind of a character, or the kinds of what it stands for: a full-width or circled number is its digits. */
export function kindsOf(codePoint: number): number | readonly number[] {
  if (codePoint < FIRST_BEYOND_ASCII) return kindOfAscii(codePoint);
  let kinds = known.get(codePoint);
  if (kinds === undefined) {
    kinds = findKinds(codePoint);
    if (known.size < MAX_KNOWN) known.set(codePoint, kinds);
  }
  return kinds;
}

/** More characters than texts have; finding the kind of a character anew each time would take many times as long. */
const MAX_KNOWN = 20_000;

const known = new Map<number, number | readonly number[]>();

const FIRST_BEYOND_ASCII = 0x80;
const ZERO = 0x30;
const PLUS_SIGN = 0x2b;
const SMALL_A = 0x61;
const SMALL_Z = 0x7a;

/** Capital letters differ from small ones in this bit. */
const SMALL = 0x20;

function kindOfAscii(code: number): number {
  if (code >= ZERO && code < ZERO + DIGIT_KINDS) return code - ZERO;
  const small = code | SMALL;
  if (small >= SMALL_A && small <= SMALL_Z) return LETTER;
  return code === PLUS_SIGN ? PLUS : SEPARATOR;
}

function findKinds(codePoint: number): number | readonly number[] {
  const character = String.fromCodePoint(codePoint);
  if (/[\p{Default_Ignorable_Code_Point}\p{Cf}\p{M}]/u.test(character)) return UNSEEN;
  if (/\p{L}/u.test(character)) return LETTER;
  const plain = character.normalize('NFKC');
  if (plain !== character) return Array.from(plain).flatMap((part) => kindsOf(part.codePointAt(0) ?? 0));
  return /\p{Nd}/u.test(character) ? digitOf(codePoint) : SEPARATOR;
}

/** The digits of a script follow each other from its zero. */
function digitOf(codePoint: number): number {
  let zero = codePoint;
  while (codePoint - zero < DIGIT_KINDS - 1 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return codePoint - zero;
}
