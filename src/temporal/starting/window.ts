import type { SharedStartFigures, StartFigures } from '../../repositories/start-figures.ts';
import { createPauses, periodFor } from './pauses.ts';
import type { RunningSaga } from './running-sagas.ts';
import { createTolerance, type ToleranceSettings } from './tolerance.ts';

/** What the operator sets. */
export interface WindowSettings extends ToleranceSettings {
  /** The most sagas that a process has under way, however fast Temporal is. */
  readonly ceiling: number;
}

/** The window of a process that has not heard of others for a while is its own. */
const ALONE_AFTER_MS = 2_000;

/** How much of the way towards the mean of all windows a process goes at a time. */
const PULL = 0.5;

/** How strongly the window answers to a latency that is off its target: softly near it, where it may be chance. */
const GAIN = 0.5;
const GAIN_FAR = 1;
const FAR = 1.3;

/** How much the window grows at a time once latency has left its best. */
const LARGEST_STEP = 1.25;

/** How much of a newly measured best latency counts while many sagas are under way: a few that started after a pause say little. */
const BEST_SHARE = 0.3;

/** A start that failed counts as a saga of so many times the usual latency. */
const LATENCIES_OF_FAILURE = 4;

/** So long after sagas of which nothing was heard Temporal may still be busy with them. */
const SILENCE_MS = 10_000;

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
  readonly #tolerance: ReturnType<typeof createTolerance>;
  readonly #pauses = createPauses();
  readonly #latencies: number[] = [];
  readonly #idleLatencies: number[] = [];
  #size: number | undefined;
  #latencyMs = 0;
  #bestMs = 0;
  #idleMs = 0;
  #adjustedMs = -Infinity;
  #changedMs = -Infinity;
  #takenMs = -Infinity;
  #silentMs = -Infinity;
  #ended = 0;
  #perSecond = 0;
  #fullRounds = 0;
  #atFloorSinceMs = Infinity;
  #processes = 1;
  #quickRounds = Infinity;
  #wasFull = false;

  constructor(settings: WindowSettings) {
    this.#settings = settings;
    this.#tolerance = createTolerance(settings);
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
    const intervalMs = this.#paceMs() / slots;
    if (underWay >= slots) {
      this.#wasFull = true;
      return Infinity;
    }
    const resumeMs = this.#pauses.resumeMs(this.#size ?? 1, intervalMs, lastStartMs, nowMs);
    return Math.max(nowMs, lastStartMs + intervalMs, resumeMs);
  }

  /**
   * Up to what latency a saga that starts now must have found Temporal idle, so that its latency is the best one; 0 when it can't have.
   * In a pause that was shorter than a saga takes, Temporal may not have finished what it had.
   */
  idleLimitMs(underWay: number, lastStartMs: number, nowMs: number): number {
    if (nowMs - this.#silentMs < SILENCE_MS) return 0;
    return nowMs >= this.#atFloorSinceMs ? Infinity : this.#pauses.pauseBeforeMs(underWay, lastStartMs, nowMs);
  }

  /** Counts a saga that has ended. */
  count({ startedMs, idleLimitMs }: Pick<RunningSaga, 'startedMs' | 'idleLimitMs'>, nowMs: number): void {
    this.#ended += 1;
    if (nowMs - startedMs <= idleLimitMs) add(this.#idleLatencies, nowMs - startedMs);
    // Older ones were started under another window.
    if (startedMs >= this.#changedMs) add(this.#latencies, nowMs - startedMs);
  }

  /** Counts a saga that Temporal did not take: as one that took far too long. */
  countFailure(startedMs: number, nowMs: number): void {
    add(this.#latencies, Math.max(nowMs - startedMs, LATENCIES_OF_FAILURE * this.#latencyMs));
  }

  /**
   * Takes note of sagas of which nothing was heard. They may still be in Temporal, which is not idle for a while then; that it is too busy they
   * don't say, since a worker that died keeps its sagas silent, too.
   */
  countSilence(nowMs: number): void {
    this.#silentMs = nowMs;
  }

  /** The figures since the last call. */
  takeFigures(nowMs: number): StartFigures {
    const perSecond = (this.#ended * 1_000) / Math.max(1, nowMs - this.#takenMs);
    this.#ended = 0;
    this.#takenMs = nowMs;
    return {
      window: this.#size,
      latencyMs: quantile(this.#latencies.splice(0), 0.5),
      idleLatencyMs: quantile(this.#idleLatencies.splice(0), 0.25),
      perSecond,
      periodMs: periodFor(this.#idleMs),
    };
  }

  /** Sets the window by what all processes have seen. */
  adjust(
    { processes, window, latencyMs, idleLatencyMs, perSecond, periodMs, place, clockMs, isAwaited }: SharedStartFigures,
    nowMs: number,
  ): void {
    const least = 1 / processes;
    // What all may have under way together stays the same when others join.
    const mean = (window ?? 1) * Math.min(1, this.#processes / processes);
    this.#processes = processes;
    // While Temporal is busy, latency goes with what is under way: so does the window when another latency is aimed at.
    const factor = this.#tolerance.set(isAwaited, nowMs);
    let size = this.#size === undefined ? mean : (this.#size + PULL * (mean - this.#size)) * factor;
    if (idleLatencyMs !== undefined) {
      this.#idleMs = idleLatencyMs;
      const share = this.#tolerance.isOfBacklog() && this.#bestMs > 0 ? BEST_SHARE : 1;
      this.#bestMs += share * (idleLatencyMs - this.#bestMs);
    }
    this.#adjustedMs = nowMs;
    if (latencyMs !== undefined) {
      this.#latencyMs = latencyMs;
      this.#bestMs = this.#bestMs === 0 ? latencyMs : Math.min(this.#bestMs, latencyMs);
      const growth = this.#growth();
      // A window that is not used up says nothing of a larger one (RFC 7661).
      size *= this.#wasFull ? growth : Math.min(1, growth);
      this.#wasFull = false;
      this.#changedMs = nowMs;
    }
    const needed = this.#sizeFor(perSecond) / processes;
    this.#tolerance.countLong(this.#fullRounds, nowMs);
    this.#size = Math.min(this.#settings.ceiling, Math.max(least, size, needed));
    if (this.#size > least + ROUNDING) this.#atFloorSinceMs = Infinity;
    else this.#atFloorSinceMs = Math.min(this.#atFloorSinceMs, nowMs);
    this.#pauses.set({ periodMs, place, clockMs, latencyMs: this.#latencyMs, bestMs: this.#bestMs }, nowMs);
  }

  #targetMs(): number {
    return this.#bestMs * this.#tolerance.current();
  }

  /** In this time a whole window starts: somewhat faster than its sagas end, so that it gets full. */
  #paceMs(): number {
    const { tolerance } = this.#settings;
    return Math.max(this.#bestMs, Math.min(this.#latencyMs, this.#targetMs()) / tolerance);
  }

  /**
   * How many sagas are under way at least while Temporal does as many a second as it was seen to, by Little's law: fewer would be too few.
   * It can do no more than it does while sagas wait in it.
   */
  #sizeFor(perSecond: number): number {
    const isFull = this.#latencyMs > FAR * this.#targetMs() && this.#atFloorSinceMs === Infinity;
    this.#fullRounds = isFull ? this.#fullRounds + 1 : 0;
    if (isFull) this.#perSecond += (perSecond - this.#perSecond) / this.#fullRounds;
    else this.#perSecond = Math.max(0.97 * this.#perSecond, perSecond);
    return (this.#perSecond / 1_000) * this.#bestMs;
  }

  /**
   * Grows faster from round to round while latency stays near its best: then the window is far too small. From there on it goes towards
   * its target in small steps, since sagas that have ended say little of those that were started last.
   */
  #growth(): number {
    const latencyMs = this.#latencyMs;
    const nearMs = this.#bestMs * this.#settings.tolerance;
    const targetMs = this.#targetMs();
    this.#quickRounds = latencyMs < (this.#bestMs + nearMs) / 2 ? this.#quickRounds + 1 : 0;
    if (this.#quickRounds > 0) return Math.min(2, (nearMs / latencyMs) ** (GAIN * Math.max(1, this.#quickRounds - 1)));
    const gain = latencyMs > FAR * targetMs ? GAIN_FAR : GAIN;
    return Math.min(LARGEST_STEP, Math.max(0.5, (targetMs / latencyMs) ** gain));
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
