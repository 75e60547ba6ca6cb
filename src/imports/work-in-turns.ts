import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a process works on files before other requests have their turn, however many files there are. */
const TURN_MS = 1;

/** Of this turn, for all files together: those that wait for the next one would otherwise all have it at once. */
let spentMs = 0;

function spend(ms: number): void {
  if (spentMs === 0) setImmediate(() => (spentMs = 0));
  spentMs += ms;
}

function isSpent(): boolean {
  return spentMs >= TURN_MS;
}

/** Work on one file in turns with whatever else the process has to do. */
export class Turns {
  #sinceMs = performance.now();

  /** The work goes on after something that was waited for, which is no part of it. */
  begin(): void {
    this.#sinceMs = performance.now();
  }

  /** Counts the work since the last call; whether it is somebody else's turn. */
  isOver(): boolean {
    const nowMs = performance.now();
    spend(nowMs - this.#sinceMs);
    this.#sinceMs = nowMs;
    return isSpent();
  }

  /** Waits for the next turn. */
  async next(): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- other files may have had all of the next one
    do await nextTurn();
    while (isSpent());
    this.begin();
  }
}

/** Works on each of the items, one after the other, in turns with whatever else the process has to do. */
export async function workInTurns<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  const turns = new Turns();
  for (const item of items) {
    // oxlint-disable-next-line no-await-in-loop -- other requests have their turn
    if (turns.isOver()) await turns.next();
    work(item);
  }
}
