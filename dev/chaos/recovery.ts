import type { PlannedKill } from './plan-kills.ts';
import type { ChaosSystem } from './system.ts';

/** Writes of the killed worker may still arrive within this time. */
const LAST_WORDS_MS = 100;

/** Nothing else may have been killed for so long before: the recovery would be that of the other process. */
const CALM_MS = 5_000;

/**
 * Measures how long after each kill of only the worker the next order changed, in milliseconds, ascending. Kills are left out when
 * another kill follows before any change, or no change follows.
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

/** The same from Unix times; `moves` in ascending order. */
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
