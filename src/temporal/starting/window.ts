import type { SharedStartFigures, StartFigures } from '../../repositories/start-figures.ts';
import { createPauses, periodFor } from './pauses.ts';

/** What the operator sets. */
export interface WindowSettings {
  /** The most sagas that a process has under way, however fast Temporal is. */
  readonly ceiling: number;
  /** How much longer than on an idle Temporal a saga may take, as a factor above 1. */
  readonly tolerance: number;
}

/** The window of a process that has not heard of others for a while is its own. */
const ALONE_AFTER_MS = 2_000;

/** Starts come at most this much closer together than sagas end, so that none queue behind each other after a pause. */
const PACE = 0.8;

/** How much of the way towards the mean of all windows a process goes at a time. */
const PULL = 0.5;

/** How strongly the window answers to a latency that is off its target: softly near it, where it may be chance. */
const GAIN = 0.5;
const GAIN_FAR = 1;
const FAR = 1.3;

/** A start that failed counts as a saga of so many times the usual latency. */
const LATENCIES_OF_FAILURE = 4;

/** Enough for a median. */
const MOST_LATENCIES = 1_000;

/** Sums of fractions may be off by this much. */
const ROUNDING = 1e-9;

/**
 * How many sagas a process may have under way, so that Temporal is busy and none waits long: the window follows the target latency
 * divided by the latency seen, as in delay-based congestion control. `docs/decisions.md` names the sources.
 * All times are of one monotonic clock.
 */
export class StartWindow {
  readonly #settings: WindowSettings;
  readonly #pauses = createPauses();
  readonly #latencies: number[] = [];
  readonly #idleLatencies: number[] = [];
  #size: number | undefined;
  #latencyMs = 0;
  #bestMs = Infinity;
  #adjustedMs = -Infinity;
  #atFloorSinceMs = Infinity;
  #quickRounds = 0;

  constructor(settings: WindowSettings) {
    this.#settings = settings;
  }

  /** The latency that sagas have at present; 0 until it is known. */
  get latencyMs(): number {
    return this.#latencyMs;
  }

  /** Slots of this process now. Windows below 1 are dealt out in turn: their sum is what all processes may have under way. */
  slots(nowMs: number): number {
    const size = this.#size;
    if (size === undefined || nowMs - this.#adjustedMs > ALONE_AFTER_MS) return Math.max(1, Math.floor(size ?? 1));
    return Math.floor(size + this.#pauses.turn(size < 1, nowMs) + ROUNDING);
  }

  /** When the next saga may start beside `underWay` others; `Infinity` when not before one of them ends. */
  nextStartMs(underWay: number, lastStartMs: number, nowMs: number): number {
    const slots = this.slots(nowMs);
    if (slots < 1) return Math.max(nowMs + 1, this.#pauses.nextMs(nowMs));
    if (underWay >= slots) return Infinity;
    const intervalMs = this.#latencyMs / slots;
    const resumeMs = this.#pauses.resumeMs(this.#size ?? 1, intervalMs, lastStartMs, nowMs);
    return Math.max(nowMs, lastStartMs + PACE * intervalMs, resumeMs);
  }

  /** Whether a saga that starts now finds Temporal idle, so that its latency is the best one. */
  isIdle(underWay: number, lastStartMs: number, nowMs: number): boolean {
    const intervalMs = this.#latencyMs / Math.max(1, this.slots(nowMs));
    return nowMs >= this.#atFloorSinceMs || this.#pauses.isAfterPause(underWay, lastStartMs, intervalMs, nowMs);
  }

  /** Counts a saga that has ended. */
  count(startedMs: number, wasIdle: boolean, nowMs: number): void {
    if (wasIdle) add(this.#idleLatencies, nowMs - startedMs);
    // Older ones were started under another window.
    if (startedMs >= this.#adjustedMs) add(this.#latencies, nowMs - startedMs);
  }

  /** Counts a saga that Temporal did not take: as one that took far too long. */
  countFailure(startedMs: number, nowMs: number): void {
    add(this.#latencies, Math.max(nowMs - startedMs, LATENCIES_OF_FAILURE * this.#latencyMs));
  }

  /** The figures since the last call; `oldestStartMs` is that of the sagas under way, whose age counts when none has ended. */
  takeFigures(oldestStartMs: number, nowMs: number): StartFigures {
    const ageMs = nowMs - oldestStartMs;
    const isOverdue = this.#latencyMs > 0 && ageMs > 2 * this.#latencyMs;
    return {
      window: this.#size,
      latencyMs: quantile(this.#latencies.splice(0), 0.5) ?? (isOverdue ? ageMs : undefined),
      idleLatencyMs: quantile(this.#idleLatencies.splice(0), 0.25),
      periodMs: periodFor(this.#latencyMs),
    };
  }

  /** Sets the window by what all processes have seen. */
  adjust(
    { processes, window, latencyMs, idleLatencyMs, periodMs, place, clockMs }: SharedStartFigures,
    nowMs: number,
  ): void {
    const least = 1 / processes;
    const mean = window ?? least;
    let size = this.#size === undefined ? mean : this.#size + PULL * (mean - this.#size);
    this.#bestMs = idleLatencyMs ?? this.#bestMs;
    this.#adjustedMs = nowMs;
    if (latencyMs !== undefined) {
      this.#latencyMs = latencyMs;
      this.#bestMs = Math.min(this.#bestMs, latencyMs);
      size *= this.#growth(this.#bestMs * this.#settings.tolerance);
    }
    this.#size = Math.min(this.#settings.ceiling, Math.max(least, size));
    if (this.#size > least + ROUNDING) this.#atFloorSinceMs = Infinity;
    else this.#atFloorSinceMs = Math.min(this.#atFloorSinceMs, nowMs);
    this.#pauses.set({ periodMs, place, clockMs, latencyMs: this.#latencyMs }, nowMs);
  }

  /** Grows faster from round to round while latency stays near its best: then the window is far too small. */
  #growth(targetMs: number): number {
    const latencyMs = this.#latencyMs;
    this.#quickRounds = latencyMs < (this.#bestMs + targetMs) / 2 ? this.#quickRounds + 1 : 0;
    const gain = latencyMs > FAR * targetMs ? GAIN_FAR : GAIN * Math.max(1, this.#quickRounds - 1);
    return Math.min(2, Math.max(0.5, (targetMs / latencyMs) ** gain));
  }
}

/** The newest latencies are enough, should nobody ask for figures. */
function add(latencies: number[], latencyMs: number): void {
  if (latencies.length >= MOST_LATENCIES) latencies.shift();
  latencies.push(latencyMs);
}

function quantile(values: readonly number[], share: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)];
}
