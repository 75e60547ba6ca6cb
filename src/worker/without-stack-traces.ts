import { AsyncLocalStorage } from 'node:async_hooks';
import { extname, join } from 'node:path';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';

/** The program of a workflow thread; JavaScript in a build. */
const program = join(import.meta.dirname, `workflow-thread${extname(import.meta.filename)}`);
const isWithout = new AsyncLocalStorage<true>();
let isInstalled = false;

/**
 * Creates a worker whose workflow threads take no stack trace of each promise that a workflow makes. That trace is what the Web UI's
 * call stack is made of, and a third of the work of a workflow thread. The SDK has no option for it: the threads that it starts
 * while `create` runs, and only those, are given a program of ours, which starts the SDK's.
 */
export function withoutStackTraces<T>(create: () => Promise<T>): Promise<T> {
  if (!isInstalled) installThread();
  isInstalled = true;
  return isWithout.run(true, create);
}

function installThread(): void {
  class WorkflowThread extends workerThreads.Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      super(isWithout.getStore() ? program : file, options);
    }
  }
  Object.defineProperty(workerThreads, 'Worker', { value: WorkflowThread });
}
