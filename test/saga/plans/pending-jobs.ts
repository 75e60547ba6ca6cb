import type { Pending } from './workflow-task.ts';

/** What the workflow is to be told by its next task. */
export class PendingJobs {
  #items: readonly Pending[] = [];
  #isTaskDue = false;

  /** Whether there is something for a task to do. */
  isTaskDue(): boolean {
    return this.#isTaskDue;
  }

  add(item: Pending): void {
    this.#items = [...this.#items, item];
    this.#isTaskDue = true;
  }

  /** Takes everything, for a task. */
  takeAll(): readonly Pending[] {
    const taken = this.#items;
    this.#items = [];
    this.#isTaskDue = false;
    return taken;
  }

  /** The task came to nothing: another one has to be told the same, before what has come meanwhile. */
  putBack(taken: readonly Pending[]): void {
    this.#items = [...taken, ...this.#items];
    this.#isTaskDue = true;
  }

  /** Whether something came that a workflow has to see before it may end. */
  keepsOpen(): boolean {
    return this.#items.some(({ update }) => !update);
  }

  /** A timer that was cancelled does not fire any more. */
  removeTimer(seq: number): void {
    const isFired = ({ job }: Pending) => (job['fireTimer'] as { seq: number } | undefined)?.seq === seq;
    this.#items = this.#items.filter((item) => !isFired(item));
  }
}
