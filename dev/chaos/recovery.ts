import type { PlannedKill } from './plan-kills.ts';
import type { ChaosSystem } from './system.ts';

/** What was written by a worker that is dead by now still arrives in this time. */
const LAST_WORDS_MS = 100;

/** For so long before it nothing else may have been killed, or it would be that whose recovery is measured. */
const CALM_MS = 5_000;

/**
 * How long after each kill of a worker alone the next order moved, in milliseconds, the shortest first. A kill that another one
 * follows before anything has moved is left out, as is one that nothing follows.
 */
export async function measureRecoveries(
  { select }: Pick<ChaosSystem, 'select'>,
  killed: readonly PlannedKill[],
): Promise<number[]> {
  const rows = await select<{ at: Date }>(
    `select at from order_status_history where from_status is not null order by at`,
  );
  return findRecoveries(
    killed,
    rows.map(({ at }) => at.getTime()),
  );
}

/** The same from times of day; `moves` ascending. */
export function findRecoveries(killed: readonly PlannedKill[], moves: readonly number[]): number[] {
  const lasted = killed.flatMap(({ atMs, victims }) => {
    if (victims.join() !== 'worker') return [];
    const moved = moves.find((at) => at > atMs + LAST_WORDS_MS);
    if (moved === undefined) return [];
    const isDisturbed = killed.some((other) => {
      const isBefore =
        other.atMs < atMs && other.atMs > atMs - CALM_MS && other.victims.some((name) => name !== 'worker');
      return isBefore || (other.atMs > atMs && other.atMs < moved);
    });
    return isDisturbed ? [] : [moved - atMs];
  });
  return lasted.toSorted((a, b) => a - b);
}
