import { History } from './history.ts';
import { endings, initialize, updateJob } from './jobs.ts';
import { PendingJobs } from './pending-jobs.ts';
import { RegularActivities } from './regular-activities.ts';
import { SimulatedWorker, type WorkerParts } from './simulated-worker.ts';
import { Timers } from './timers.ts';
import { Updates, type Answer } from './updates.ts';
import { fromPayload, summaryOf, toMs, toPayload } from './wire.ts';
import { TASK_TIMEOUT_MS, WorkflowTask, type Ending, type NamedCommand, type Pending } from './workflow-task.ts';

/** Which workflow runs, and on what. */
export interface ServerParts extends WorkerParts {
  readonly input: unknown;
  /** Whether the server forgets updates that a lost workflow task had not recorded yet. */
  readonly forgetsUpdates: boolean;
}

/**
 * A Temporal server with one workflow and one worker: history, workflow tasks, regular activities, timers, updates.
 * A worker that dies loses the task under way with every local activity in it; the next one replays the history.
 */
export class SimulatedServer {
  readonly history = new History();
  /** What may never happen, such as a workflow task that fails. */
  readonly defects: string[] = [];
  /** What the workflow has said of itself for whoever looks for it. */
  readonly searchAttributes = new Map<string, unknown>();
  readonly #parts: ServerParts;
  readonly #worker: SimulatedWorker;
  readonly #activities: RegularActivities;
  readonly #updates = new Updates();
  readonly #timers: Timers;
  readonly #pending = new PendingJobs();
  /** Until then the server waits for the worker that had the task. */
  #lostUntil = 0;
  #ending: Ending | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
    this.#worker = new SimulatedWorker(parts, this);
    this.#timers = new Timers(parts.clock);
    this.#activities = new RegularActivities({
      clock: parts.clock,
      run: (call, done) => this.#worker.runIfUp(call, done),
      resolve: (job) => this.#deliver({ job }),
    });
    this.#deliver({ job: initialize(parts) });
  }

  ending(): Ending | undefined {
    return this.#ending;
  }

  /** Whether nothing is under way, so that the workflow knows all that has happened. */
  isCalm(): boolean {
    const isIdle = this.#worker.isUp() && !this.#worker.isBusy() && !this.#pending.isTaskDue();
    return isIdle && !this.#activities.isAttempting();
  }

  /** Names of the regular activities that are waited for, and of the steps whose services answer later. */
  waitsFor(): string[] {
    const awaited = this.#timers.summaries().flatMap((text) => /^(\w+) is answered later/.exec(text)?.[1] ?? []);
    return [...this.#activities.names(), ...awaited];
  }

  countUnanswered(): number {
    return this.#updates.count();
  }

  isAccepted(updateId: string): boolean {
    return this.#updates.isAccepted(updateId);
  }

  signal(signalName: string, input: unknown): void {
    this.signalRaw(signalName, [toPayload(input)]);
  }

  /** Sends a signal with payloads as they are. */
  signalRaw(signalName: string, payloads: readonly unknown[]): void {
    const signalWorkflow = { signalName, input: payloads, headers: {} };
    this.#deliver({ job: { variant: 'signalWorkflow', signalWorkflow } });
  }

  cancel(): void {
    this.#deliver({ job: { variant: 'cancelWorkflow', cancelWorkflow: { reason: 'cancelled' } } });
  }

  /** Sends an update; `answer` is called once. */
  update(id: string, name: string, input: unknown, answer: (answer: Answer) => void): void {
    this.updateRaw(id, name, [toPayload(input)], answer);
  }

  /** The same with payloads as they are. */
  updateRaw(id: string, name: string, payloads: readonly unknown[], answer: (answer: Answer) => void): void {
    if (this.#ending) {
      answer({ kind: 'closed' });
      return;
    }
    const update = this.#updates.add(id, answer);
    this.#deliver({ job: updateJob(id, name, payloads), update });
  }

  /** Ends the worker's process; another one takes over after `downMs`. */
  crash(downMs: number): void {
    if (!this.#worker.isUp()) return;
    this.#worker.die();
    this.#activities.missRunning();
    this.#parts.clock.schedule(downMs, () => {
      this.#worker.restart();
      this.#activities.dispatchDue();
      this.#wake();
    });
  }

  /** The worker's cache has no room for the workflow any more: its next task begins with a replay. */
  evict(): void {
    this.#worker.evict();
  }

  /** Gives the worker a workflow task with all that is pending. */
  startTask(): void {
    this.#worker.run(new WorkflowTask(this.#pending.takeAll(), this.#parts.clock.now()));
  }

  /** Takes what a task came to; false when it has to be done again, since a workflow may not end without having seen what came meanwhile. */
  complete(task: WorkflowTask, { isHeartbeat }: { readonly isHeartbeat: boolean }): boolean {
    const closing = task.closing();
    if (closing && this.#pending.keepsOpen()) {
      this.#pending.putBack(task.taken);
      this.#wake();
      return false;
    }
    this.history.record(task.activations, task.rejected);
    for (const command of task.commands) this.#apply(command, task);
    if (closing) this.#end(closing);
    else if (isHeartbeat) this.startTask();
    else if (this.#pending.isTaskDue()) this.#wake();
    return true;
  }

  /** The worker died with this task: it is given out again once its time is over. */
  loseTask(task: WorkflowTask | undefined): void {
    if (task) this.#lostUntil = task.startedAt + TASK_TIMEOUT_MS;
    const taken = task?.taken ?? [];
    const { forgetsUpdates } = this.#parts;
    const forgotten = new Set(taken.flatMap(({ update }) => (update && forgetsUpdates ? [update] : [])));
    this.#updates.remove(forgotten);
    this.#pending.putBack(taken.filter(({ update }) => !update || !forgotten.has(update)));
    for (const update of forgotten) update.answer({ kind: 'lost' });
  }

  /** A task that fails would be tried again until somebody deploys something else. */
  failTask(error: unknown): void {
    this.defects.push(
      `workflow task failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    this.#ending = { how: 'broken', result: undefined };
    this.#stopEverything();
  }

  #deliver(item: Pending): void {
    if (this.#ending) return;
    this.#pending.add(item);
    this.#wake();
  }

  #wake(): void {
    this.#parts.clock.schedule(this.#lostUntil - this.#parts.clock.now(), () => {
      const isFree = this.#worker.isUp() && !this.#worker.isBusy() && this.#parts.clock.now() >= this.#lostUntil;
      if (this.#pending.isTaskDue() && isFree && !this.#ending) this.startTask();
    });
  }

  #apply([name, body]: NamedCommand, task: WorkflowTask): void {
    const seq = body['seq'] as number;
    if (name === 'scheduleActivity' && !task.isTakenBack(seq, 'requestCancelActivity')) this.#activities.schedule(body);
    else if (name === 'requestCancelActivity') this.#activities.cancel(seq);
    else if (name === 'startTimer' && !task.isTakenBack(seq, 'cancelTimer')) {
      const fire = () => this.#deliver({ job: { variant: 'fireTimer', fireTimer: { seq } } });
      this.#timers.start(seq, toMs(body['startToFireTimeout'])!, fire, summaryOf(body));
    } else if (name === 'cancelTimer') {
      this.#timers.cancel(seq);
      this.#pending.removeTimer(seq);
    } else if (name === 'updateResponse') this.#updates.respond(body);
    else if (name === 'upsertWorkflowSearchAttributes') this.#takeAttributes(body);
  }

  #takeAttributes(body: Record<string, unknown>): void {
    const { indexedFields } = body['searchAttributes'] as { indexedFields: Readonly<Record<string, unknown>> };
    for (const [name, payload] of Object.entries(indexedFields)) this.searchAttributes.set(name, fromPayload(payload));
  }

  #end([name, body]: NamedCommand): void {
    this.#ending = { how: endings[name]!, result: body['result'] && fromPayload(body['result']) };
    this.#stopEverything();
    for (const { id } of this.#updates.close()) this.defects.push(`update ${id} was accepted and never answered`);
  }

  #stopEverything(): void {
    this.#activities.closeAll();
    this.#timers.cancelAll();
  }
}
