import { patchJob, recordable } from './jobs.ts';
import { digest } from './wire.ts';
import type { Job, WorkflowCommand, WorkflowInstance } from './workflow-runtime.ts';

/** One activation as the history has it. */
export interface Recorded {
  readonly jobs: readonly Job[];
  readonly timestampMs: number;
  readonly digest: string;
  /** Ids of `patched` that were first asked for here, and said yes. */
  readonly patches: readonly string[];
}

/** What a workflow has done and been told, as far as workflow tasks were completed. */
export class History {
  readonly #activations: Recorded[] = [];

  /** Records the activations of a completed task; of updates only those that were not rejected. */
  record(activations: readonly Recorded[], rejected: ReadonlySet<string>): void {
    for (const activation of activations) {
      const jobs = activation.jobs.flatMap((job) => recordable(job, rejected));
      if (jobs.length > 0) this.#activations.push({ ...activation, jobs });
    }
  }

  /** Brings a new instance to where the history ends. Throws when it does not issue the very commands that the history has. */
  replay(
    instance: WorkflowInstance,
    onActivation: (jobs: readonly Job[], commands: readonly WorkflowCommand[]) => void,
  ): void {
    for (const { jobs: recordedJobs, timestampMs, digest: recorded, patches } of this.#activations) {
      const jobs = [...patches.map(patchJob), ...recordedJobs];
      const commands = instance.activate({ jobs, timestampMs, isReplaying: true });
      if (digest(commands) !== recorded) throw new Error(`replay differs:\n${recorded}\nbut now:\n${digest(commands)}`);
      onActivation(jobs, commands);
    }
  }
}
