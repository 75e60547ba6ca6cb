import type { VirtualClock } from './virtual-clock.ts';

/** The timers of a workflow, by their numbers. */
export class Timers {
  readonly #clock: VirtualClock;
  readonly #stops = new Map<number, () => void>();
  readonly #summaries = new Map<number, string>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  start(seq: number, durationMs: number, fire: () => void, summary?: string): void {
    if (summary !== undefined) this.#summaries.set(seq, summary);
    const stop = this.#clock.schedule(durationMs, () => {
      this.#summaries.delete(seq);
      fire();
    });
    this.#stops.set(seq, stop);
  }

  /** What the timers under way say that they are for. */
  summaries(): string[] {
    return [...this.#summaries.values()];
  }

  cancel(seq: number): void {
    this.#stops.get(seq)?.();
    this.#stops.delete(seq);
    this.#summaries.delete(seq);
  }

  cancelAll(): void {
    for (const stop of this.#stops.values()) stop();
  }
}
