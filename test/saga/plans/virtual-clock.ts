interface Entry {
  readonly at: number;
  readonly seq: number;
  readonly act: () => void;
}

/** Virtual time with what is to happen in it: nothing waits for a real clock, and the same entries always happen in the same order. */
export class VirtualClock {
  readonly #entries: Entry[] = [];
  #nowMs: number;
  #seq = 0;
  #happened = 0;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** The time, in milliseconds since 1970. */
  now(): number {
    return this.#nowMs;
  }

  /** How many events have happened so far. */
  happened(): number {
    return this.#happened;
  }

  /** Has `act` happen `inMs` from now; the returned function calls it off. */
  schedule(inMs: number, act: () => void): () => void {
    const entry = { at: this.#nowMs + Math.max(0, inMs), seq: (this.#seq += 1), act };
    this.#entries.push(entry);
    return () => {
      const index = this.#entries.indexOf(entry);
      if (index !== -1) this.#entries.splice(index, 1);
    };
  }

  /** Lets the next event happen, and everything that follows from it at once; false when there is none. */
  async step(): Promise<boolean> {
    const next = this.#takeNext();
    if (!next) return false;
    this.#nowMs = next.at;
    this.#happened += 1;
    next.act();
    // Activities run on promises: by the next macrotask each has come to its next call or its end.
    await new Promise(setImmediate);
    return true;
  }

  #takeNext(): Entry | undefined {
    const entries = this.#entries;
    let first = 0;
    for (let i = 1; i < entries.length; i += 1) {
      const [a, b] = [entries[i]!, entries[first]!];
      if (a.at < b.at || (a.at === b.at && a.seq < b.seq)) first = i;
    }
    return entries.splice(first, 1)[0];
  }
}
