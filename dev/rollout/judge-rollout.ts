import type { RolloutResult } from './rollout.ts';

/**
 * An order that takes so much longer from acceptance to confirmation than half of all orders was held up. A worker that stops gives its
 * steps five seconds; what it has not finished then is taken over within two.
 */
const LATE_MS = 8_000;

/** Says what a rolling restart must not do and did. */
export function judgeRollout({ seen, stopped, confirmedAfterMs, followed }: RolloutResult): string[] {
  const unconfirmed = confirmedAfterMs.filter((ms) => ms === undefined).length;
  const tookMs = confirmedAfterMs.filter((ms) => ms !== undefined).toSorted((one, other) => one - other);
  const usualMs = tookMs[Math.floor(tookMs.length / 2)] ?? 0;
  const late = tookMs.filter((ms) => ms > usualMs + LATE_MS);
  return [
    ...seen.lost.map((what) => `A request was lost. ${what}`),
    ...(unconfirmed === 0 ? [] : [`${unconfirmed} orders were not confirmed.`]),
    ...late.map((ms) => `An order was late: it took ${ms} ms, and half of them ${usualMs} ms at most.`),
    ...stopped.flatMap(({ name, exit }) =>
      exit.code === 0 ? [] : [`${name} did not stop by itself: ${exit.signal ?? exit.code}.`],
    ),
    ...followed.flatMap((events) => (isWhole(events) ? [] : [`A follower got ${events.join(', ')}.`])),
  ];
}

/** One beginning, one end, and nothing between them twice. */
function isWhole(events: readonly string[]): boolean {
  const shipped = events.filter((event) => event === 'order.shipped').length;
  const confirmed = events.filter((event) => event === 'order.confirmed').length;
  return events[0] === 'order.snapshot' && shipped === 1 && confirmed <= 1;
}
