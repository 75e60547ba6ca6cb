/** Lengths of payment card numbers, ISO/IEC 7812. */
const MIN_DIGITS = 13;
const MAX_DIGITS = 19;

/**
 * Whether `text` holds something like a payment card number: 13 to 19 digits that pass the Luhn check and begin with 2 to 6,
 * in one run or in groups separated by single spaces, dashes, dots or underscores.
 */
export function holdsCardNumber(text: string): boolean {
  if (text.length < MIN_DIGITS) return false;
  for (const [run] of text.matchAll(/\d+(?:[ \u00a0._-]\d+)*/g)) {
    if (run.length >= MIN_DIGITS && isInGroups(run.split(/\D/))) return true;
  }
  return false;
}

/** Whether some neighbouring groups make a card number, so that other digits beside one don't hide it. */
function isInGroups(groups: readonly string[]): boolean {
  return groups.some((_, first) => {
    let digits = '';
    for (let next = first; next < groups.length && digits.length <= MAX_DIGITS; next += 1) {
      digits += groups[next] ?? '';
      if (isCardNumber(digits)) return true;
    }
    return false;
  });
}

function isCardNumber(digits: string): boolean {
  if (!/^[2-6]\d{12,18}$/.test(digits)) return false;
  let sum = 0;
  for (let position = 0; position < digits.length; position += 1) {
    const digit = Number(digits[digits.length - 1 - position]);
    const doubled = position % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
