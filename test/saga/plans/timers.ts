import type { VirtualClock } from './virtual-clock.ts';

/** The timers of a workflow, by their numbers. */
export class Timers {
  readonly #clock: VirtualClock;
  readonly #stops = new Map<number, () => void>();

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  start(seq: number, durationMs: number, fire: () => void): void {
    this.#stops.set(seq, this.#clock.schedule(durationMs, fire));
  }

  cancel(seq: number): void {
    this.#stops.get(seq)?.();
    this.#stops.delete(seq);
  }

  cancelAll(): void {
    for (const stop of this.#stops.values()) stop();
  }
}
