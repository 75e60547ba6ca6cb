import { runAttempt, type AnyActivities, type Attempt, type AttemptCall, type Outcome } from './attempts.ts';
import { timedOut, type Failure } from './failures.ts';
import type { History } from './history.ts';
import { rank } from './jobs.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { WaitingActivities } from './waiting-activities.ts';
import { resolveActivity, toPayload } from './wire.ts';
import type { Job, WorkflowCommand, WorkflowInstance, WorkflowRuntime } from './workflow-runtime.ts';
import { TASK_TIMEOUT_MS, type Ending, type WorkflowTask } from './workflow-task.ts';

/** A task whose local activities take longer is completed with what there is, and goes on as another one. */
const TASK_HEARTBEAT_MS = 0.8 * TASK_TIMEOUT_MS;

/** What a worker runs, and which workflow. */
export interface WorkerParts {
  readonly clock: VirtualClock;
  readonly runtime: WorkflowRuntime;
  readonly activities: AnyActivities;
  readonly workflowType: string;
  readonly workflowId: string;
}

/** What a worker needs of the server. */
interface TaskServer {
  readonly history: History;
  readonly ending: () => Ending | undefined;
  readonly isAccepted: (updateId: string) => boolean;
  /** Takes what a task came to; false when it has to be done again, from a replay. */
  readonly complete: (task: WorkflowTask, options: { readonly isHeartbeat: boolean }) => boolean;
  readonly loseTask: (task: WorkflowTask | undefined) => void;
  readonly failTask: (error: unknown) => void;
}

/** One worker process after the other: runs workflow tasks with their local activities, and attempts at regular activities. */
export class SimulatedWorker {
  readonly #parts: WorkerParts;
  readonly #server: TaskServer;
  readonly #attempts = new Set<Attempt>();
  #isUp = true;
  #instance: WorkflowInstance | undefined;
  #waiting = new WaitingActivities();
  #task: WorkflowTask | undefined;

  constructor(parts: WorkerParts, server: TaskServer) {
    this.#parts = parts;
    this.#server = server;
  }

  isUp(): boolean {
    return this.#isUp;
  }

  isBusy(): boolean {
    return this.#task !== undefined;
  }

  evict(): void {
    if (!this.#task) this.#instance = undefined;
  }

  /** Dies as a process that is killed: of its attempts nobody hears any more. */
  die(): void {
    this.#isUp = false;
    for (const attempt of this.#attempts) attempt.alive = false;
    this.#attempts.clear();
    this.#instance = undefined;
    const task = this.#task;
    this.#task = undefined;
    if (task || this.#waiting.local.size > 0) this.#server.loseTask(task);
    this.#waiting = new WaitingActivities();
  }

  restart(): void {
    this.#isUp = true;
  }

  /** Runs an attempt at an activity; `undefined` while there is no worker. */
  runIfUp(call: AttemptCall, done: (outcome: Outcome) => void): Attempt | undefined {
    return this.#isUp ? this.#attempt(call, done) : undefined;
  }

  /** Runs a workflow task, which is completed when none of its local activities is under way any more. */
  run(task: WorkflowTask): void {
    this.#task = task;
    this.#parts.clock.schedule(TASK_HEARTBEAT_MS, () => {
      if (this.#task === task) this.#complete({ isHeartbeat: true });
    });
    try {
      if (!this.#instance) this.#rebuild();
    } catch (error) {
      this.#server.failTask(error);
      return;
    }
    const jobs = task.taken.map(({ job }) => job).filter((job) => this.#waiting.isAwaited(job));
    if (jobs.length > 0) this.#activate(jobs.toSorted((a, b) => rank(a) - rank(b)));
    for (const seq of this.#waiting.local.keys()) this.#runLocal(seq);
    this.#complete({ isHeartbeat: false });
  }

  #attempt(call: AttemptCall, done: (outcome: Outcome) => void): Attempt {
    const attempt = runAttempt(this.#parts.activities, call, (outcome) => {
      this.#attempts.delete(attempt);
      this.#parts.clock.schedule(0, () => {
        if (attempt.alive) done(outcome);
      });
    });
    this.#attempts.add(attempt);
    return attempt;
  }

  #rebuild(): void {
    const { runtime, workflowType, workflowId, clock } = this.#parts;
    this.#instance = runtime.start(workflowType, workflowId, 'run', clock.now());
    this.#waiting = new WaitingActivities();
    this.#server.history.replay(this.#instance, (jobs, commands) => {
      this.#waiting.replay(jobs, commands);
    });
  }

  #activate(jobs: readonly Job[]): void {
    const timestampMs = this.#parts.clock.now();
    let commands: WorkflowCommand[];
    try {
      commands = this.#instance!.activate({ jobs, timestampMs, isReplaying: false });
    } catch (error) {
      this.#server.failTask(error);
      return;
    }
    const task = this.#task!;
    task.noteActivation(jobs, timestampMs, commands);
    const cancelled = this.#waiting.follow(jobs, commands, {
      onLocal: (seq) => this.#runLocal(seq),
      onCommand: ([name, body]) => {
        if (name === 'updateResponse') task.noteUpdate(body, (id) => this.#server.isAccepted(id));
        task.commands.push([name, body]);
      },
    });
    if (cancelled.length > 0) this.#activate(cancelled);
  }

  #runLocal(seq: number): void {
    const { local } = this.#waiting;
    const activity = local.get(seq);
    if (!activity || activity.attempt) return;
    const settle = (result: Parameters<typeof resolveActivity>[2]) => {
      if (this.#waiting.local.get(seq) !== activity || !this.#task) return;
      this.#activate([resolveActivity(seq, true, result)]);
      this.#complete({ isHeartbeat: false });
    };
    // Unlike a regular activity's, a local one's failure reaches its workflow as it is.
    const fail = (failure: Failure) => settle({ failed: { failure } });
    const stop = this.#parts.clock.schedule(activity.timeoutMs, () => fail(timedOut('START_TO_CLOSE')));
    activity.attempt = this.#attempt(activity.call, (outcome) => {
      stop();
      if ('result' in outcome) settle({ completed: { result: toPayload(outcome.result) } });
      else fail(outcome.failure);
    });
  }

  #complete({ isHeartbeat }: { readonly isHeartbeat: boolean }): void {
    const task = this.#task;
    if (!task || this.#server.ending() || (this.#waiting.local.size > 0 && !isHeartbeat)) return;
    this.#task = undefined;
    if (!this.#server.complete(task, { isHeartbeat })) this.#instance = undefined;
  }
}
