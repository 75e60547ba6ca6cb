import { AsyncLocalStorage } from 'node:async_hooks';
import { extname, join } from 'node:path';
import workerThreads, { type Transferable, type WorkerOptions } from 'node:worker_threads';

/** How workflow threads run. */
export interface ThreadOptions {
  /** Whether the Web UI can show a workflow's call stack. Recording it is a third of the work of a thread. */
  readonly hasStackTraces: boolean;
  /** Called when workflow code has not come back for so long that its thread was ended. */
  readonly onStuck: () => void;
  /** How long that is. The SDK's own limit by default. */
  readonly stuckMs?: number;
}

/** What a thread of ours is told. `isLimited`: each entry into workflow code has the SDK's time limit. */
export interface ThreadSettings {
  readonly hasStackTraces: boolean;
  readonly isLimited: boolean;
}

/** The program of a workflow thread; JavaScript in a build. */
const program = join(import.meta.dirname, `workflow-thread${extname(import.meta.filename)}`);
const wanted = new AsyncLocalStorage<ThreadOptions>();
const STUCK_MS = 5_000;
/** Looks in that time. A machine that stood still, and not the thread, makes one. */
const LOOKS = 5;

let isInstalled = false;
let areEntriesLimited = false;

/**
 * Creates a worker whose workflow threads run a program of ours, which starts the SDK's without what costs most: a stack trace for
 * each promise, and a time limit for each entry into workflow code, for which Node starts a thread each time. An endless loop is noticed
 * from here instead: its thread is ended and its worker fails, and the threads of every later worker have the SDK's limit again, by which
 * only that workflow's tasks fail. The SDK has no options for this; only the threads that it starts while `create` runs are concerned.
 */
export function withOwnThreads<T>(options: ThreadOptions, create: () => Promise<T>): Promise<T> {
  if (!isInstalled) Object.defineProperty(workerThreads, 'Worker', { value: WorkflowThread });
  isInstalled = true;
  return wanted.run(options, create);
}

class WorkflowThread extends workerThreads.Worker {
  #unanswered = 0;
  #silentLooks = 0;

  constructor(file: string | URL, given?: WorkerOptions) {
    const options = wanted.getStore();
    if (!options) {
      super(file, given);
      return;
    }
    const isLimited = areEntriesLimited;
    const settings: ThreadSettings = { hasStackTraces: options.hasStackTraces, isLimited };
    super(program, { ...given, workerData: settings });
    if (!isLimited) this.#watch(options);
  }

  override postMessage(value: unknown, transferList?: readonly Transferable[]): void {
    this.#unanswered += 1;
    super.postMessage(value, transferList);
  }

  #watch({ onStuck, stuckMs = STUCK_MS }: ThreadOptions): void {
    // Its first answer says that the workflow code is loaded, which takes as long as it takes.
    this.once('message', () => {
      const timer = setInterval(() => {
        this.#silentLooks = this.#unanswered > 0 ? this.#silentLooks + 1 : 0;
        if (this.#silentLooks < LOOKS) return;
        clearInterval(timer);
        areEntriesLimited = true;
        onStuck();
        void this.terminate();
      }, stuckMs / LOOKS).unref();
      this.once('exit', () => {
        clearInterval(timer);
      });
    });
    this.on('message', () => {
      this.#unanswered -= 1;
      this.#silentLooks = 0;
    });
  }
}
