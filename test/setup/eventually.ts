import { setTimeout as delay } from 'node:timers/promises';

// Short beside anything a test waits for, long enough not to busy the server that is asked.
const POLL_MS = 25;

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
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const value = await condition();
      if (value !== false) return value as Exclude<Awaited<T>, false>;
      failure = new Error(`condition not met within ${timeoutMs} ms`);
    } catch (error) {
      failure = error;
    }
    if (Date.now() >= deadline) throw failure;
    await delay(POLL_MS);
  }
}
