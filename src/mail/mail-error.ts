/**
 * Why a mail was not sent. `refused`: the mail server won't take this mail, today or tomorrow, as for an address that does not exist.
 * `away`: it was not taken, and may be later. `unknown`: it may have been taken.
 */
export type MailErrorKind = 'refused' | 'away' | 'unknown';

/** A mail that was not sent for certain; the message names no address of a customer. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly kind: MailErrorKind;

  constructor(kind: MailErrorKind, message: string, more: { cause?: unknown } = {}) {
    super(withoutAddresses(message), more);
    this.kind = kind;
  }
}

/** Servers repeat the address that they refuse. */
function withoutAddresses(text: string): string {
  return text
    .replaceAll(/[^\s<>@]+@[^\s<>@]+/g, '(address)')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
