import { createRandom } from '../../../dev/chaos/random.ts';
import {
  createStartLimiter,
  type OrderHints,
  type StartLimiter,
  type StartSettings,
} from '../../../src/temporal/starting/start-limiter.ts';
import { createEventQueue } from './event-queue.ts';
import { createSharedFigures } from './shared-figures.ts';
import { createSimulatedEngine, type EngineSettings } from './simulated-engine.ts';

/** What is simulated. */
export interface Scenario extends EngineSettings {
  readonly processes: number;
  readonly seconds: number;
  readonly seed: number;
  readonly settings: StartSettings;
  /** Without a backlog only awaited orders come. */
  readonly hasBacklog?: boolean;
  /** Awaited orders that come in, as a share of what the engine can do. */
  readonly awaitedShare?: number;
  /** When the first of them comes; 0 unless set. */
  readonly awaitedFromMs?: number;
  /** Share of the sagas that never change, as if they waited for a broken service. */
  readonly stuckShare?: number;
  /** Share of the starts that the engine refuses. */
  readonly refusedShare?: number;
}

/** What came of it. */
export interface Outcome {
  /** Sagas that ended in each second. */
  readonly perSecond: readonly number[];
  readonly awaited: readonly { readonly startedMs: number; readonly latencyMs: number }[];
  /** Awaited orders that were left to the backlog. */
  readonly left: number;
  /** Sagas of the backlog that each process has run. */
  readonly perProcess: readonly number[];
  /** How often each order was started. */
  readonly starts: ReadonlyMap<string, number>;
  /** The most sagas under way at the same time, by second. */
  readonly underWay: readonly number[];
}

/** Runs processes with a start limiter each in front of one engine: an endless backlog, and awaited orders at random times. */
export async function simulate(scenario: Scenario): Promise<Outcome> {
  const {
    seconds,
    hasBacklog = true,
    awaitedShare = 0.1,
    awaitedFromMs = 0,
    stuckShare = 0,
    refusedShare = 0,
  } = scenario;
  const queue = createEventQueue();
  const { between } = createRandom(scenario.seed);
  const random = () => between(0, 1);
  const engine = createSimulatedEngine(queue, scenario, random);
  const figuresOf = createSharedFigures(queue);
  const outcome = {
    perSecond: Array.from({ length: seconds + 1 }, () => 0),
    underWay: Array.from({ length: seconds + 1 }, () => 0),
    awaited: [] as { startedMs: number; latencyMs: number }[],
    left: 0,
    perProcess: [] as number[],
    starts: new Map<string, number>(),
  };
  const second = () => Math.floor(queue.nowMs() / 1_000);
  const returned: string[] = [];
  let orders = 0;
  let running = 0;

  const run = (limiter: StartLimiter, changed: (orderId: string) => void, orderId: string, done: () => void) => {
    if (random() < refusedShare) {
      limiter.fail(orderId);
      returned.push(orderId);
      return;
    }
    outcome.starts.set(orderId, (outcome.starts.get(orderId) ?? 0) + 1);
    if (random() < stuckShare) return;
    running += 1;
    outcome.underWay[second()] = Math.max(outcome.underWay[second()]!, running);
    engine.runSaga(() => {
      running -= 1;
      outcome.perSecond[second()]! += 1;
      done();
      changed(orderId);
    });
  };

  const processes = Array.from({ length: scenario.processes }, (_, process) => {
    outcome.perProcess.push(0);
    // Each process's clock began at another time.
    const offsetMs = random() * 1e6;
    const watchers: Parameters<OrderHints['watch']>[0][] = [];
    const changed = (orderId: string) => watchers[0]?.onChanged(orderId);
    const limiter = createStartLimiter({
      settings: scenario.settings,
      clock: { nowMs: () => queue.nowMs() + offsetMs, callIn: queue.callIn },
      changes: {
        watch: (watcher) => {
          watchers.push(watcher);
          return { renew: () => {} };
        },
      },
      shared: figuresOf(process),
      busyShare: () => 0,
    });
    const startBacklog = async () => {
      for (;;) {
        const orderId = returned.shift() ?? String((orders += 1));
        while (!(await limiter.acquire(orderId, { isAwaited: false, waitMs: 2_000 })));
        run(limiter, changed, orderId, () => {
          outcome.perProcess[process]! += 1;
        });
      }
    };
    if (hasBacklog) queue.callIn(random() * 50, () => void startBacklog());
    return { limiter, changed };
  });

  const startAwaited = async (
    limiter: StartLimiter,
    changed: (orderId: string) => void,
    orderId: string,
    startedMs: number,
  ) => {
    if (!(await limiter.acquire(orderId, { isAwaited: true, waitMs: 500 }))) {
      outcome.left += 1;
      returned.push(orderId);
      return;
    }
    run(limiter, changed, orderId, () => {
      outcome.awaited.push({ startedMs, latencyMs: queue.nowMs() - startedMs });
    });
  };

  const arrive = () => {
    const startedMs = queue.nowMs();
    const orderId = String((orders += 1));
    const { limiter, changed } = processes[Math.floor(random() * processes.length)]!;
    void startAwaited(limiter, changed, orderId, startedMs);
    const perSecond = Math.max(1, scenario.sagasPerSecond(queue.nowMs())) * awaitedShare;
    queue.callIn((-Math.log(1 - random()) * 1_000) / perSecond, arrive);
  };
  if (awaitedShare > 0) queue.callIn(awaitedFromMs, arrive);
  await queue.runUntil(seconds * 1_000);
  return outcome;
}

/** The value that this share of the values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
