/** Pauses are at least this far apart; a change of Temporal's speed is known after the next one. */
const LEAST_PERIOD_MS = 4_000;

/** The most of its time that Temporal loses to pauses when sagas take as long as at their best. */
const LARGEST_SHARE = 0.05;

/** The most of a period that a pause takes while sagas take far longer than at their best. */
const LONGEST_SHARE = 0.25;

/** A pause takes this many times the latency, since some sagas take longer than the median. */
const LATENCIES_PER_PAUSE = 1.2;

/** Slots of windows that are no whole number are dealt out anew this often. */
const DEAL_MS = 500;

/** Multiples of it, modulo 1, spread evenly however many there are: every process gets its turn. */
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

interface PauseFigures {
  readonly periodMs: number;
  readonly place: number;
  readonly clockMs: number;
  readonly latencyMs: number;
  readonly bestMs: number;
}

/** How far pauses should be apart at this latency; only doubles, so that processes that differ pause together all the same. */
export function periodFor(latencyMs: number): number {
  const wantedMs = (latencyMs * LATENCIES_PER_PAUSE) / LARGEST_SHARE;
  return LEAST_PERIOD_MS * 2 ** Math.max(0, Math.ceil(Math.log2(wantedMs / LEAST_PERIOD_MS)));
}

/**
 * Short pauses that all processes make at the same time, by the clock that they share: Temporal gets idle, and the sagas that
 * start next show the best latency there is. Afterwards each process resumes at a moment of its own.
 */
export function createPauses() {
  let periodMs = LEAST_PERIOD_MS;
  let place = 0;
  let offsetMs = 0;
  let latencyMs = 0;
  let bestMs = 0;
  let probingUntilMs = -Infinity;

  const beginMs = (nowMs: number) => Math.floor((nowMs + offsetMs) / periodMs) * periodMs - offsetMs;
  const endMs = (nowMs: number) => beginMs(nowMs) + Math.min(latencyMs * LATENCIES_PER_PAUSE, periodMs * LONGEST_SHARE);
  const turn = (isRare: boolean, nowMs: number) =>
    (place + GOLDEN_RATIO * Math.floor((nowMs + offsetMs) / (isRare ? periodMs : DEAL_MS))) % 1;

  return {
    set: (figures: PauseFigures, nowMs: number): void => {
      ({ periodMs, place, latencyMs, bestMs } = figures);
      offsetMs = figures.clockMs - nowMs;
    },
    /** A number from 0 to below 1 that changes from time to time; at any time those of all processes are spread evenly. `isRare`: changes in pauses only. */
    turn,
    /** When the next pause begins. */
    nextMs: (nowMs: number): number => beginMs(nowMs) + periodMs,
    /** When this process resumes after the last pause; in the past if it has. */
    resumeMs: (size: number, intervalMs: number, lastStartMs: number, nowMs: number): number => {
      const resumeMs = endMs(nowMs);
      if (lastStartMs >= resumeMs) return resumeMs;
      return resumeMs + Math.min(1, (1 - turn(size < 1, nowMs)) / Math.min(1, size)) * intervalMs;
    },
    /** How long the pause was after which a saga that starts now is one of the first; 0 when it is none of them. */
    pauseBeforeMs: (underWay: number, lastStartMs: number, nowMs: number): number => {
      const pausedMs = endMs(nowMs);
      const lengthMs = pausedMs - beginMs(nowMs);
      if (underWay === 0 && lastStartMs < beginMs(nowMs) && nowMs <= pausedMs + bestMs / 2 + 1) {
        probingUntilMs = pausedMs + bestMs / 2;
        return lengthMs;
      }
      return nowMs <= probingUntilMs ? lengthMs : 0;
    },
  };
}
