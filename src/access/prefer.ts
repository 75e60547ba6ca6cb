/** How long to wait for the outcome, and the value of `Preference-Applied`. */
export interface Patience {
  readonly waitMs: number;
  readonly applied: string | undefined;
}

/** The longest time that a client may keep a connection waiting. */
export const MAX_WAIT_MS = 30_000;

/** Reads `Prefer` (RFC 7240): `wait=N` waits up to N seconds, `respond-async` not at all; whatever is malformed or unknown is ignored. */
export function patienceOf(prefer: string | undefined, defaultMs: number): Patience {
  const preferences = (prefer ?? '').split(',').map((preference) => preference.split(';', 1)[0]?.trim() ?? '');
  const wait = preferences.map((preference) => /^wait\s*=\s*"?(\d{1,9})"?$/i.exec(preference)?.[1]).find(Boolean);
  if (wait !== undefined) {
    const seconds = Math.min(Number(wait), MAX_WAIT_MS / 1_000);
    return { waitMs: seconds * 1_000, applied: `wait=${seconds}` };
  }
  if (preferences.some((preference) => preference.toLowerCase() === 'respond-async')) {
    return { waitMs: 0, applied: 'respond-async' };
  }
  return { waitMs: defaultMs, applied: undefined };
}
