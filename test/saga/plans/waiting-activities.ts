import { cancelledJob, toLocal, type LocalActivity } from './jobs.ts';
import { open } from './wire.ts';
import type { Job, WorkflowCommand } from './workflow-runtime.ts';
import type { NamedCommand } from './workflow-task.ts';

/** Who carries out what an activation began. */
interface Follower {
  readonly onLocal: (seq: number) => void;
  readonly onCommand: (command: NamedCommand) => void;
}

/** The activities for which one instance of a workflow waits. */
export class WaitingActivities {
  readonly local = new Map<number, LocalActivity>();
  /** Names of regular activities. */
  readonly #regular = new Map<number, string>();

  /** The outcome of an activity that the workflow has meanwhile cancelled is not told it any more. */
  isAwaited({ variant, ...job }: Job): boolean {
    return variant !== 'resolveActivity' || this.#regular.has((job['resolveActivity'] as { seq: number }).seq);
  }

  /** Takes note of what an activation of the history settled and began. */
  replay(jobs: readonly Job[], commands: readonly WorkflowCommand[]): void {
    this.#settle(jobs);
    for (const [name, body] of commands.map(open)) this.#begin(name, body);
  }

  /** The same for a new activation, which it has carried out; returns the jobs that tell the workflow of what it cancelled. */
  follow(jobs: readonly Job[], commands: readonly WorkflowCommand[], { onLocal, onCommand }: Follower): Job[] {
    const cancelled: Job[] = [];
    this.#settle(jobs);
    for (const [name, body] of commands.map(open)) {
      const seq = body['seq'] as number;
      this.#begin(name, body);
      if (name === 'scheduleLocalActivity') onLocal(seq);
      else if (name === 'requestCancelLocalActivity') {
        const activity = this.local.get(seq);
        if (activity) cancelled.push(cancelledJob(seq, activity.call.name, true));
        this.local.delete(seq);
      } else if (name === 'requestCancelActivity') {
        const activity = this.#regular.get(seq);
        if (!activity) continue;
        this.#regular.delete(seq);
        cancelled.push(cancelledJob(seq, activity, false));
        onCommand([name, body]);
      } else onCommand([name, body]);
    }
    return cancelled;
  }

  #begin(name: string, body: Record<string, unknown>): void {
    const seq = body['seq'] as number;
    if (name === 'scheduleLocalActivity') this.local.set(seq, toLocal(body));
    if (name === 'scheduleActivity') this.#regular.set(seq, body['activityType'] as string);
  }

  #settle(jobs: readonly Job[]): void {
    for (const { variant, ...job } of jobs) {
      if (variant !== 'resolveActivity') continue;
      const { seq } = job['resolveActivity'] as { seq: number };
      this.local.delete(seq);
      this.#regular.delete(seq);
    }
  }
}
