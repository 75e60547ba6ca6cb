import { setTimeout as sleep } from 'node:timers/promises';
import type { Freezable, PlannedFreeze } from './plan-freezes.ts';
import type { ChaosSystem } from './system.ts';

/** Freezes processes as planned, and returns how often each was; those that had just been killed are left out. */
export async function freezeProcesses(
  system: ChaosSystem,
  freezes: readonly PlannedFreeze[],
): Promise<Readonly<Partial<Record<Freezable, number>>>> {
  const counts: Partial<Record<Freezable, number>> = {};
  await Promise.all(
    freezes.map(async ({ atMs, victim, forMs }) => {
      await sleep(atMs);
      const thaw = system.freeze(victim);
      if (thaw === undefined) return;
      counts[victim] = (counts[victim] ?? 0) + 1;
      await sleep(forMs);
      thaw();
    }),
  );
  return counts;
}
