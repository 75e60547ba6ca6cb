import type { Recorded } from './history.ts';
import { endings, patchesOf } from './jobs.ts';
import type { Update } from './updates.ts';
import { digest } from './wire.ts';
import type { Job, WorkflowCommand } from './workflow-runtime.ts';

/** What `workflowTaskTimeout` is when orders are started. */
export const TASK_TIMEOUT_MS = 2_000;

/** Something that a workflow is to be told, with the update that it brings. */
export interface Pending {
  readonly job: Job;
  readonly update?: Update;
}

/** How a workflow ended. */
export interface Ending {
  readonly how: string;
  readonly result: unknown;
}

/** A command by its name. */
export type NamedCommand = readonly [name: string, body: Record<string, unknown>];

/** A workflow task under way: what it was given, what was done in it, and the commands that go to the server when it is completed. */
export class WorkflowTask {
  readonly taken: readonly Pending[];
  readonly startedAt: number;
  readonly activations: Recorded[] = [];
  readonly commands: NamedCommand[] = [];
  /** Ids of updates that a validator refused. */
  readonly rejected = new Set<string>();
  readonly #accepted = new Set<string>();

  constructor(taken: readonly Pending[], startedAt: number) {
    this.taken = taken;
    this.startedAt = startedAt;
  }

  noteActivation(jobs: readonly Job[], timestampMs: number, commands: readonly WorkflowCommand[]): void {
    this.activations.push({ jobs, timestampMs, digest: digest(commands), patches: patchesOf(commands) });
  }

  /** Notes what an update came to; one that was accepted before is not refused but has failed. */
  noteUpdate(response: Readonly<Record<string, unknown>>, wasAccepted: (id: string) => boolean): void {
    const id = String(response['protocolInstanceId']);
    const isAccepted = this.#accepted.has(id) || wasAccepted(id);
    if (response['accepted']) this.#accepted.add(id);
    else if (response['rejected'] && !isAccepted) this.rejected.add(id);
  }

  /** The command that ends the workflow, if there is one. */
  closing(): NamedCommand | undefined {
    return this.commands.find(([name]) => name in endings);
  }

  /** Whether a later command of the task cancels the one with this number. */
  isTakenBack(seq: number, by: 'requestCancelActivity' | 'cancelTimer'): boolean {
    return this.commands.some(([name, body]) => name === by && body['seq'] === seq);
  }
}
