import { percentile, simulate, type Outcome, type Scenario } from './simulate.ts';

/** The defaults of `.env.example`. */
export const settings = {
  ceiling: 4_096,
  tolerance: 1.2,
  backlogTolerance: 4,
  leastPerSecond: 1,
  awaitedTargetMs: 1_500,
  taskTimeoutMs: 2_000,
};

/** What share of the engine's capacity was used from this second to that one, at a steady rate of it. */
export function shareUsed({ perSecond }: Outcome, sagasPerSecond: number, from: number, to: number): number {
  const sagas = perSecond.slice(from, to).reduce((sum, count) => sum + count, 0);
  return sagas / (to - from) / sagasPerSecond;
}

/** The 99th percentile of the time that awaited orders took which came from this second on. */
export function awaitedP99({ awaited }: Outcome, fromSecond: number): number {
  const later = awaited.filter(({ startedMs }) => startedMs >= fromSecond * 1_000);
  return percentile(
    later.map(({ latencyMs }) => latencyMs),
    0.99,
  );
}

/** The best there is: the 99th percentile that the same awaited orders see on this engine when nothing else runs on it. */
export async function bestP99(scenario: Scenario, sagasPerSecond: number): Promise<number> {
  const alone = { ...scenario, processes: 1, sagasPerSecond: () => sagasPerSecond, hasBacklog: false };
  const seconds = Math.max(10, Math.ceil(10_000 / sagasPerSecond));
  return awaitedP99(await simulate({ ...alone, seconds }), 0);
}
