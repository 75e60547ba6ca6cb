import type { ServiceEndpoint } from '../../config/service-settings.ts';
import { BrokenPromise, NotTried, type Check, type Severity } from './check.ts';
import { openService, STEP_LIMIT_MS } from './open-service.ts';

/** How a check came out. */
export interface CheckResult {
  readonly id: string;
  readonly outcome: 'kept' | 'broken' | 'not_tried';
  readonly severity: Severity;
  readonly expected: string;
  readonly matters: string;
  /** What came instead, or why it was not tried; null when the promise is kept. */
  readonly came: string | null;
}

/** Makes the checks one after the other, and then judges how long the answers took; `tell` hears of each at once. */
export async function runChecks(
  endpoint: ServiceEndpoint,
  checks: readonly Check[],
  tell: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  const slow: string[] = [];
  const limitMs = endpoint.timeoutMs ?? STEP_LIMIT_MS;
  const service = openService(endpoint, ({ method, path }, { tookMs }) => {
    if (tookMs > limitMs) slow.push(`${method} ${path} took ${Math.round(tookMs)} ms`);
  });
  const results: CheckResult[] = [];
  for (const check of [...checks, timeLimitCheck(limitMs, slow)]) {
    // One after the other: they count the same stock, and the last one looks back at all.
    // oxlint-disable-next-line no-await-in-loop
    const result = await runCheck(check, () => check.run(service));
    results.push(result);
    tell(result);
  }
  return results;
}

async function runCheck(tried: Check, run: () => Promise<void>): Promise<CheckResult> {
  const { id, severity, expected, matters } = tried;
  const check = { id, severity, expected, matters };
  try {
    await run();
    return { ...check, outcome: 'kept', came: null };
  } catch (error) {
    if (error instanceof NotTried) return { ...check, outcome: 'not_tried', came: error.message };
    if (error instanceof BrokenPromise) return { ...check, outcome: 'broken', came: error.message };
    throw error;
  }
}

function timeLimitCheck(limitMs: number, slow: readonly string[]): Check {
  return {
    id: 'time-limit',
    severity: 'major',
    expected: `every answer comes within ${limitMs} ms`,
    matters: 'the outcome of every slow call is unknown at first, and its order waits',
    run: () => {
      const [first] = slow;
      if (first === undefined) return Promise.resolve();
      return Promise.reject(
        new BrokenPromise(slow.length === 1 ? first : `${first}, and ${slow.length - 1} more calls`),
      );
    },
  };
}
