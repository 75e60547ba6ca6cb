import type { EventQueue } from './event-queue.ts';

/** An engine as Temporal is one: tasks wait in one queue for the servers, and a saga is some tasks one after another. */
export interface EngineSettings {
  readonly servers: number;
  /** Sagas a second that it runs at this time; 0 while it stalls. */
  readonly sagasPerSecond: (nowMs: number) => number;
  /** The share of a task's time that is saved while ever more of them wait, as they share commits and round trips; 0 unless set. */
  readonly economy?: number;
}

const TASKS = 3;

/** Before its first task and after its last one a saga is on its way. */
const TRANSIT_MS = 5;

/** A task takes up to this share more or less than the mean. */
const SPREAD = 0.3;

/** While it stalls, a server looks again after this time. */
const STALL_CHECK_MS = 20;

/** Runs sagas in simulated time. */
export function createSimulatedEngine(
  queue: EventQueue,
  { servers, sagasPerSecond, economy = 0 }: EngineSettings,
  random: () => number,
) {
  const waiting: (() => void)[] = [];
  let firstWaiting = 0;
  let busy = 0;

  const serve = (done: () => void) => {
    const rate = sagasPerSecond(queue.nowMs());
    if (rate <= 0) {
      queue.callIn(STALL_CHECK_MS, () => {
        serve(done);
      });
      return;
    }
    const queued = waiting.length - firstWaiting;
    const taskMs = ((servers * 1_000) / rate / TASKS) * (1 - (economy * queued) / (queued + 2 * servers));
    queue.callIn(taskMs * (1 - SPREAD + 2 * SPREAD * random()), () => {
      busy -= 1;
      done();
      serveNext();
    });
  };

  const serveNext = () => {
    while (busy < servers && firstWaiting < waiting.length) {
      busy += 1;
      serve(waiting[firstWaiting]!);
      firstWaiting += 1;
    }
    if (firstWaiting > 10_000) {
      waiting.splice(0, firstWaiting);
      firstWaiting = 0;
    }
  };

  const runTask = (left: number, done: () => void) => {
    if (left === 0) {
      queue.callIn(TRANSIT_MS, done);
      return;
    }
    waiting.push(() => {
      runTask(left - 1, done);
    });
    serveNext();
  };

  return {
    /** Runs a saga and calls `done` when it has ended. */
    runSaga: (done: () => void): void => {
      queue.callIn(TRANSIT_MS, () => {
        runTask(TASKS, done);
      });
    },
  };
}
