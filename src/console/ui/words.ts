/** `NEEDS_ATTENTION` as `Needs attention`. */
export function wordsOf(constant: string): string {
  const words = constant.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `refundPaymentIfCharged` as `Refund payment if charged`. */
export function stepWords(step: string): string {
  const words = step.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `create` as it is, `return:2` as `return 2`. */
export function sagaWords(saga: string): string {
  return saga.replace(':', ' ');
}

/** `support:ann` as `ann (support)`; the system's own actors as they are. */
export function actorWords(actor: string): string {
  const [, role, subject] = /^([a-z]+):(.+)$/s.exec(actor) ?? [];
  return role === undefined || subject === undefined ? actor : `${subject} (${role})`;
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name within a sentence, which it leaves in its order also where it is written from right to left. */
export function isolated(name: string): string {
  return RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name;
}

/** `1 line`, `3 lines`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
