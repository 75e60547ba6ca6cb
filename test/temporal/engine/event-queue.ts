interface Planned {
  readonly atMs: number;
  readonly run: () => void;
}

/** Simulated time: runs what is planned in the order of its times, and lets promises settle in between. */
export interface EventQueue {
  readonly nowMs: () => number;
  readonly callIn: (delayMs: number, run: () => void) => () => void;
  readonly runUntil: (endMs: number) => Promise<void>;
}

/** An empty queue at time 0. */
export function createEventQueue(): EventQueue {
  const heap: Planned[] = [];
  let nowMs = 0;
  let planned = 0;
  return {
    nowMs: () => nowMs,
    callIn: (delayMs, run) => {
      let isCancelled = false;
      planned += 1;
      push(heap, {
        atMs: nowMs + Math.max(0, delayMs),
        run: () => {
          if (!isCancelled) run();
        },
      });
      return () => {
        isCancelled = true;
      };
    },
    runUntil: async (endMs) => {
      for (;;) {
        const next = heap[0];
        if (!next || next.atMs > endMs) break;
        pop(heap);
        nowMs = next.atMs;
        next.run();
        // What awaits what has happened goes on at the same simulated time, and may plan more.
        let before;
        do {
          before = planned;
          for (let turn = 0; turn < 6; turn += 1) await Promise.resolve();
        } while (planned !== before);
      }
      nowMs = endMs;
    },
  };
}

function push(heap: Planned[], planned: Planned): void {
  let at = heap.length;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent]!;
    if (above.atMs <= planned.atMs) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = planned;
}

function pop(heap: Planned[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child += 1;
    if (heap[child]!.atMs >= last.atMs) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
