/** How long to wait for the outcome, and what to say in `Preference-Applied`. */
export interface Patience {
  readonly waitMs: number;
  readonly applied: string | undefined;
}

/** A client holds a connection for at most this long. */
const MAX_WAIT_SECONDS = 30;

/** Reads `Prefer` (RFC 7240): `wait=N` waits up to N seconds, `respond-async` not at all; whatever is malformed or unknown is ignored. */
export function patienceOf(prefer: string | undefined, defaultMs: number): Patience {
  const preferences = (prefer ?? '').split(',').map((preference) => preference.split(';', 1)[0]?.trim() ?? '');
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/i.exec(preference)?.[1]).find(Boolean);
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), MAX_WAIT_SECONDS);
    return { waitMs: seconds * 1_000, applied: `wait=${seconds}` };
  }
  if (preferences.some((preference) => preference.toLowerCase() === 'respond-async')) {
    return { waitMs: 0, applied: 'respond-async' };
  }
  return { waitMs: defaultMs, applied: undefined };
}
