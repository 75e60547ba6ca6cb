import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a process works on files before other requests have their turn, however many files there are. */
const TURN_MS = 8;

/** Of this turn, for all files together: those that wait for the next one would otherwise all have it at once. */
let spentMs = 0;

function spend(ms: number): void {
  if (spentMs === 0) setImmediate(() => (spentMs = 0));
  spentMs += ms;
}

function isSpent(): boolean {
  return spentMs >= TURN_MS;
}

/** Works on each of the items, one after the other, in turns with whatever else the process has to do. */
export async function workInTurns<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let startedMs = performance.now();
  for (const item of items) {
    while (isSpent()) {
      // oxlint-disable-next-line no-await-in-loop -- other requests have their turn
      await nextTurn();
      startedMs = performance.now();
    }
    work(item);
    const nowMs = performance.now();
    spend(nowMs - startedMs);
    startedMs = nowMs;
  }
}
