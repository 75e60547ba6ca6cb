import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan } from './plan.ts';
import type { PlannedFault } from './plan-faults.ts';
import { createKillPace } from './pace-kills.ts';
import { mandatory, type PlannedKill, type Victim } from './plan-kills.ts';
import type { ChaosSystem } from './system.ts';

/** The kills and faults of a run. */
export interface Disruption {
  /** Kills of running processes. */
  readonly kills: Readonly<Partial<Record<Victim, number>>>;
  readonly faults: Readonly<Record<string, number>>;
  /** The kills; `atMs` is a Unix time. */
  readonly killed: readonly PlannedKill[];
  readonly lastKillMs: number;
}

const LOOK_MS = 100;

/** Kills processes and adds faults as planned, more slowly where restarts take longer, then removes all faults. */
export async function disrupt(system: ChaosSystem, plan: Plan): Promise<Disruption> {
  const startedMs = Date.now();
  const until = (atMs: number) => sleep(Math.max(0, startedMs + atMs - Date.now()));
  const kills: Partial<Record<Victim, number>> = {};
  const faults: Record<string, number> = {};
  const killed: PlannedKill[] = [];

  const pace = createKillPace();
  const over = new AbortController();
  const waitUntilBack = async (victim: Victim) => {
    pace.killed(victim);
    while (!over.signal.aborted && !(await system.isUp(victim))) await sleep(LOOK_MS);
    pace.restarted(victim);
  };
  const killAll = async () => {
    let plannedMs = 0;
    for (const [index, { atMs, victims }] of plan.kills.entries()) {
      // What a slow machine has no time for is left out, but for the kills of every run.
      const isLate = index >= mandatory.length && Date.now() - startedMs >= plan.durationMs;
      if (isLate && index < plan.kills.length - 1) continue;
      const sinceMs = Date.now();
      const gapMs = isLate ? 0 : atMs - plannedMs;
      while (Date.now() - sinceMs < gapMs * pace.factor()) await sleep(LOOK_MS);
      plannedMs = atMs;
      const met = victims.filter((victim) => system.kill(victim));
      for (const victim of met) {
        kills[victim] = (kills[victim] ?? 0) + 1;
        void waitUntilBack(victim);
      }
      killed.push({ atMs: Date.now(), victims: met });
    }
    over.abort();
  };
  const plant = async ({ atMs, body }: PlannedFault) => {
    await until(atMs);
    const { status } = await system.sandbox({ method: 'POST', path: '/faults', body });
    if (status !== 201) throw new Error(`POST /faults answered ${status} to ${JSON.stringify(body)}`);
    faults[body.mode] = (faults[body.mode] ?? 0) + 1;
  };
  await Promise.all([killAll(), ...plan.faults.map(plant)]);
  // The last kill may have hit the sandbox: the client retries until it is back.
  await system.sandbox({ method: 'DELETE', path: '/faults' });
  return { kills, faults, killed, lastKillMs: killed.at(-1)?.atMs ?? startedMs };
}
