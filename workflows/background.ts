/** Work that an order doesn't wait for, but its workflow does before it ends. */
export class Background {
  readonly #open = new Set<Promise<void>>();

  /** Whether nothing is under way. */
  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /** Lets `work`, which must not fail, run beside everything else. */
  run(work: () => Promise<void>): void {
    const running = work().finally(() => this.#open.delete(running));
    this.#open.add(running);
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#open);
  }
}
