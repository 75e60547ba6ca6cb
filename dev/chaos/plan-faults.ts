import type { Random } from './random.ts';

/** A fault of the sandbox, and when it is added. */
export interface PlannedFault {
  readonly atMs: number;
  readonly body: {
    readonly service: string;
    readonly operation: string;
    readonly mode: string;
    readonly times: number;
    readonly delay_ms?: number;
  };
}

const operations = {
  inventory: ['get', 'reserve', 'commit', 'release', '*'],
  payment: ['charge', 'charge', 'refund', 'lookup', '*'],
  customer: ['get'],
  notification: ['send'],
} as const;

const modes = {
  down: 4,
  fail_before_effect: 2,
  fail_after_effect: 3,
  timeout_after_effect: 2,
  late_effect: 3,
  slow: 2,
  decline: 1,
};

/** Often enough that most orders of a busy run are affected. */
const GAP_MS = { least: 250, most: 2_500 };

/** Draws faults over the whole run, each for a limited number of requests. */
export function planFaults(random: Random, durationMs: number): PlannedFault[] {
  const faults: PlannedFault[] = [];
  for (let atMs = 0; atMs < durationMs; atMs += Math.round(random.between(GAP_MS.least, GAP_MS.most))) {
    faults.push({ atMs, body: drawFault(random) });
  }
  return faults;
}

function drawFault(random: Random): PlannedFault['body'] {
  const service = random.weighted({ inventory: 4, payment: 5, customer: 1, notification: 1 });
  const mode = random.weighted(modes);
  const body = { service, operation: random.pick<string>(operations[service]), mode };
  switch (mode) {
    case 'down':
      // Enough to park an order from time to time.
      return { ...body, times: random.chance(0.2) ? random.integer(20, 60) : random.integer(1, 10) };
    case 'timeout_after_effect':
      return { ...body, times: random.integer(1, 2), delay_ms: random.integer(500, 4_000) };
    case 'late_effect':
      return { ...body, times: random.integer(1, 3), delay_ms: random.integer(200, 5_000) };
    case 'slow':
      return { ...body, times: random.integer(1, 4), delay_ms: random.integer(300, 2_500) };
    case 'fail_before_effect':
    case 'fail_after_effect':
    case 'decline':
      return { ...body, times: random.integer(1, 3) };
    default:
      return mode satisfies never;
  }
}
