import { setTimeout as delay } from 'node:timers/promises';

/** Asked again after a tenth of the time that it has waited, so that a long wait keeps no server busy, and none is much longer for it. */
const POLL_SHARE = 0.1;
const POLL_MS = { least: 25, most: 1_000 };

/** Bounds a wait for what never comes, on a busy machine; a run that expects to fail sets a lower one in TEST_WAIT_LIMIT_MS. */
const WAIT_LIMIT_MS = Number(process.env['TEST_WAIT_LIMIT_MS'] ?? 60_000);

/**
 * Calls `condition` until it neither throws nor answers `false`, and answers what it answered.
 * After `timeoutMs` (a minute by default) it throws the last error, so that an `expect` inside tells what was not so.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = WAIT_LIMIT_MS }: { timeoutMs?: number } = {},
): Promise<Exclude<Awaited<T>, false>> {
  const startedAt = Date.now();
  for (;;) {
    let failure: unknown;
    try {
      const value = await condition();
      if (value !== false) return value as Exclude<Awaited<T>, false>;
      failure = new Error(`condition not met within ${timeoutMs} ms`);
    } catch (error) {
      failure = error;
    }
    const waitedMs = Date.now() - startedAt;
    if (waitedMs >= timeoutMs) throw failure;
    await delay(Math.min(POLL_MS.most, Math.max(POLL_MS.least, POLL_SHARE * waitedMs)));
  }
}
