/** The characters that give JSON its structure, as their code units, which are their bytes in UTF-8. */
export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COMMA = 0x2c;
export const OPENING_BRACKET = 0x5b;

/** Whether an array or object begins. */
export function isOpening(character: number): boolean {
  return character === OPENING_BRACKET || character === 0x7b;
}

/** Whether an array or object ends. */
export function isClosing(character: number): boolean {
  return character === 0x5d || character === 0x7d;
}
