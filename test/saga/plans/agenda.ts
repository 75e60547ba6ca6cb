/** What is to happen, in virtual time: nothing waits for a clock, and the same agenda always runs in the same order. */
export interface Agenda {
  readonly now: () => number;
  /** How many events have happened so far. */
  readonly happened: () => number;
  /** Has `act` happen `inMs` from now; the returned function calls it off. */
  readonly add: (inMs: number, act: () => void) => () => void;
  /** Lets the next event happen, and everything that follows from it at once; false when there is none. */
  readonly step: () => Promise<boolean>;
}

interface Entry {
  readonly at: number;
  readonly seq: number;
  readonly act: () => void;
}

export function createAgenda(startMs: number): Agenda {
  let now = startMs;
  let seq = 0;
  let happened = 0;
  const entries: Entry[] = [];
  const takeNext = (): Entry | undefined => {
    let first = 0;
    for (let i = 1; i < entries.length; i += 1) {
      const [a, b] = [entries[i]!, entries[first]!];
      if (a.at < b.at || (a.at === b.at && a.seq < b.seq)) first = i;
    }
    return entries.splice(first, 1)[0];
  };
  return {
    now: () => now,
    happened: () => happened,
    add: (inMs, act) => {
      const entry = { at: now + Math.max(0, inMs), seq: (seq += 1), act };
      entries.push(entry);
      return () => {
        const index = entries.indexOf(entry);
        if (index !== -1) entries.splice(index, 1);
      };
    },
    step: async () => {
      const next = takeNext();
      if (!next) return false;
      now = next.at;
      happened += 1;
      next.act();
      // Activities run on promises: by the next macrotask each has come to its next call or its end.
      await new Promise(setImmediate);
      return true;
    },
  };
}
