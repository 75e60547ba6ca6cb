import type { Agenda } from './agenda.ts';
import { runAttempt, type AnyActivities, type Attempt, type AttemptCall, type Outcome } from './attempts.ts';
import { timedOut, typeOfFailure, type Failure } from './failures.ts';
import {
  cancelledJob,
  endings,
  initialize,
  patchesOf,
  patchJob,
  rank,
  recordable,
  toLocal,
  updateJob,
  type LocalActivity,
} from './jobs.ts';
import { createServerActivities } from './server-activities.ts';
import { digest, fromPayload, open, resolveActivity, toMs, toPayload } from './wire.ts';
import type { Job, WorkflowCommand, WorkflowInstance, WorkflowRuntime } from './workflow-runtime.ts';

/** How an update was answered. `lost`: nobody answered, the caller may ask again. `closed`: the workflow had ended before it. */
export type Answer =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'refused' | 'failed'; readonly type: string; readonly message: string }
  | { readonly kind: 'lost' | 'closed' };

interface Update {
  readonly id: string;
  isAccepted: boolean;
  readonly answer: (answer: Answer) => void;
}

interface Pending {
  readonly job: Job;
  readonly update?: Update;
}

/** One activation as the history has it. */
interface Recorded {
  readonly jobs: readonly Job[];
  readonly timestampMs: number;
  readonly digest: string;
  /** Ids of `patched` that were first asked for here, and said yes. */
  readonly patches: readonly string[];
}

interface Task {
  readonly taken: readonly Pending[];
  readonly activations: Recorded[];
  readonly commands: [name: string, body: Record<string, unknown>][];
  /** Ids of updates that this task has accepted, and of those that a validator refused. */
  readonly accepted: Set<string>;
  readonly rejected: Set<string>;
  readonly startedAt: number;
}

/** How a workflow ended. */
export interface Ending {
  readonly how: string;
  readonly result: unknown;
}

/** What the engine is made of. */
export interface EngineParts {
  readonly agenda: Agenda;
  readonly runtime: WorkflowRuntime;
  readonly activities: AnyActivities;
  readonly workflowType: string;
  readonly workflowId: string;
  readonly input: unknown;
  /** Whether the engine forgets updates that a lost workflow task had not recorded yet. */
  readonly forgetsUpdates: boolean;
}

export type Engine = ReturnType<typeof createEngine>;

/** What `workflowTaskTimeout` is when orders are started. */
const TASK_TIMEOUT_MS = 2_000;
/** A task whose local activities take longer is completed with what there is, and goes on as another one. */
const TASK_HEARTBEAT_MS = 0.8 * TASK_TIMEOUT_MS;

/**
 * One workflow with a server and a worker around it: history, workflow tasks, local and regular activities, timers, updates.
 * A worker that dies loses the task under way with every local activity in it; the next one replays the history, and must issue
 * the very commands that it has.
 */
export function createEngine(parts: EngineParts) {
  const { agenda, runtime, activities, forgetsUpdates } = parts;
  const history: Recorded[] = [];
  const attempts = new Set<Attempt>();
  const timers = new Map<number, () => void>();
  let pending: Pending[] = [];
  let updates: Update[] = [];
  let instance: WorkflowInstance | undefined;
  let local = new Map<number, LocalActivity>();
  let awaited = new Map<number, string>();
  let task: Task | undefined;
  let ready: Job[] = [];
  let isTaskDue = false;
  let isWorkerUp = true;
  let lostUntil = 0;
  let ending: Ending | undefined;
  const defects: string[] = [];

  const server = createServerActivities({
    agenda,
    run: (call, done) => (isWorkerUp ? run(call, done) : undefined),
    resolve: (job) => deliver({ job }),
  });
  deliver({ job: initialize(parts) });

  function run(call: AttemptCall, done: (outcome: Outcome) => void): Attempt {
    const attempt = runAttempt(activities, call, (outcome) => {
      attempts.delete(attempt);
      agenda.add(0, () => {
        if (attempt.alive) done(outcome);
      });
    });
    attempts.add(attempt);
    return attempt;
  }

  function deliver(item: Pending): void {
    if (ending) return;
    pending.push(item);
    isTaskDue = true;
    wake();
  }

  function wake(): void {
    agenda.add(Math.max(0, lostUntil - agenda.now()), () => {
      if (isTaskDue && !task && isWorkerUp && !ending && agenda.now() >= lostUntil) startTask();
    });
  }

  function startTask(): void {
    isTaskDue = false;
    const taken = pending;
    pending = [];
    const own: Task = (task = {
      taken,
      activations: [],
      commands: [],
      accepted: new Set(),
      rejected: new Set(),
      startedAt: agenda.now(),
    });
    agenda.add(TASK_HEARTBEAT_MS, () => {
      if (task === own) completeTask(true);
    });
    try {
      if (!instance) rebuild();
    } catch (error) {
      broken(error);
      return;
    }
    const jobs = taken.map(({ job }) => job).filter((job) => isAwaited(job));
    if (jobs.length > 0) activate(jobs.toSorted((a, b) => rank(a) - rank(b)));
    for (const seq of local.keys()) runLocal(seq);
    completeTask(false);
  }

  /** The outcome of an activity that the workflow has meanwhile cancelled is not told it any more. */
  function isAwaited({ variant, ...job }: Job): boolean {
    return variant !== 'resolveActivity' || awaited.has((job['resolveActivity'] as { seq: number }).seq);
  }

  function activate(jobs: readonly Job[]): void {
    const timestampMs = agenda.now();
    let commands: WorkflowCommand[];
    try {
      commands = instance!.activate({ jobs, timestampMs, isReplaying: false });
    } catch (error) {
      broken(error);
      return;
    }
    task!.activations.push({ jobs, timestampMs, digest: digest(commands), patches: patchesOf(commands) });
    follow(jobs, commands, false);
    if (ready.length > 0) activate(ready.splice(0));
  }

  /** Takes note of what an activation settled and began; in replay of nothing else. */
  function follow(jobs: readonly Job[], commands: readonly WorkflowCommand[], isReplaying: boolean): void {
    for (const { variant, ...job } of jobs) {
      if (variant !== 'resolveActivity') continue;
      const { seq } = job['resolveActivity'] as { seq: number };
      local.delete(seq);
      awaited.delete(seq);
    }
    for (const command of commands) {
      const [name, body] = open(command);
      const seq = body['seq'] as number;
      if (name === 'scheduleLocalActivity') {
        local.set(seq, toLocal(body));
        if (!isReplaying) runLocal(seq);
      } else if (name === 'requestCancelLocalActivity') {
        const activity = isReplaying ? undefined : local.get(seq);
        if (activity) ready.push(cancelledJob(seq, activity.call.name, true));
        if (activity) local.delete(seq);
      } else if (name === 'requestCancelActivity') {
        const activity = isReplaying ? undefined : awaited.get(seq);
        if (activity) {
          awaited.delete(seq);
          ready.push(cancelledJob(seq, activity, false));
          task!.commands.push([name, body]);
        }
      } else {
        if (name === 'scheduleActivity') awaited.set(seq, body['activityType'] as string);
        if (name === 'updateResponse') noteUpdate(body);
        if (!isReplaying) task!.commands.push([name, body]);
      }
    }
  }

  function noteUpdate({ protocolInstanceId, accepted, rejected }: Record<string, unknown>): void {
    if (!task) return;
    const id = String(protocolInstanceId);
    const isAccepted = task.accepted.has(id) || updates.some((update) => update.id === id && update.isAccepted);
    if (accepted) task.accepted.add(id);
    else if (rejected && !isAccepted) task.rejected.add(id);
  }

  function runLocal(seq: number): void {
    const activity = local.get(seq);
    if (!activity || activity.attempt) return;
    const settle = (result: Parameters<typeof resolveActivity>[2]) => {
      if (local.get(seq) !== activity || !task) return;
      activate([resolveActivity(seq, true, result)]);
      completeTask(false);
    };
    // Unlike a regular activity's, a local one's failure reaches its workflow as it is.
    const fail = (failure: Failure) => settle({ failed: { failure } });
    const stop = agenda.add(activity.timeoutMs, () => fail(timedOut('START_TO_CLOSE')));
    activity.attempt = run(activity.call, (outcome) => {
      stop();
      if ('result' in outcome) settle({ completed: { result: toPayload(outcome.result) } });
      else fail(outcome.failure);
    });
  }

  function completeTask(isHeartbeat: boolean): void {
    if (!task || ending || (local.size > 0 && !isHeartbeat)) return;
    const { activations, commands, rejected, taken } = task;
    const closing = commands.find(([name]) => name in endings);
    // The server does not let a workflow end without having seen what came meanwhile.
    if (closing && pending.some(({ update }) => !update)) {
      task = undefined;
      instance = undefined;
      pending = [...taken, ...pending];
      isTaskDue = true;
      wake();
      return;
    }
    for (const activation of activations) {
      const jobs = activation.jobs.flatMap((job) => recordable(job, rejected));
      if (jobs.length > 0) history.push({ ...activation, jobs });
    }
    task = undefined;
    for (const [name, body] of commands) apply(name, body, commands);
    if (closing) end(closing);
    else if (isHeartbeat) startTask();
    else if (isTaskDue) wake();
  }

  function apply(name: string, body: Record<string, unknown>, all: Task['commands']): void {
    const seq = body['seq'] as number;
    const isTakenBack = (by: string) => all.some(([other, { seq: otherSeq }]) => other === by && otherSeq === seq);
    if (name === 'scheduleActivity' && !isTakenBack('requestCancelActivity')) server.schedule(body);
    else if (name === 'requestCancelActivity') server.cancel(seq);
    else if (name === 'startTimer' && !isTakenBack('cancelTimer')) {
      timers.set(
        seq,
        agenda.add(toMs(body['startToFireTimeout'])!, () =>
          deliver({ job: { variant: 'fireTimer', fireTimer: { seq } } }),
        ),
      );
    } else if (name === 'cancelTimer') {
      timers.get(seq)?.();
      timers.delete(seq);
      pending = pending.filter(({ job }) => (job['fireTimer'] as { seq: number } | undefined)?.seq !== seq);
    } else if (name === 'updateResponse') respond(body);
  }

  function respond(body: Record<string, unknown>): void {
    const update = updates.find(({ id }) => id === body['protocolInstanceId']);
    if (!update) return;
    if (body['accepted']) {
      update.isAccepted = true;
      return;
    }
    updates = updates.filter((other) => other !== update);
    if (body['rejected']) {
      update.answer({ kind: update.isAccepted ? 'failed' : 'refused', ...typeOfFailure(body['rejected']) });
    } else update.answer({ kind: 'done', result: fromPayload(body['completed']) });
  }

  function end([name, body]: Task['commands'][number]): void {
    ending = { how: endings[name]!, result: body['result'] && fromPayload(body['result']) };
    server.closeAll();
    for (const stop of timers.values()) stop();
    for (const update of updates) {
      if (update.isAccepted) defects.push(`update ${update.id} was accepted and never answered`);
      update.answer({ kind: 'closed' });
    }
    updates = [];
  }

  function rebuild(): void {
    instance = runtime.start(parts.workflowType, parts.workflowId, 'run', agenda.now());
    local = new Map();
    awaited = new Map();
    ready = [];
    for (const { jobs: recordedJobs, timestampMs, digest: recorded, patches } of history) {
      const jobs = [...patches.map(patchJob), ...recordedJobs];
      const commands = instance.activate({ jobs, timestampMs, isReplaying: true });
      if (digest(commands) !== recorded) throw new Error(`replay differs:\n${recorded}\nbut now:\n${digest(commands)}`);
      follow(jobs, commands, true);
    }
  }

  /** A task that fails would be tried again until somebody deploys something else. */
  function broken(error: unknown): void {
    defects.push(`workflow task failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    ending = { how: 'broken', result: undefined };
    server.closeAll();
    for (const stop of timers.values()) stop();
  }

  function loseTask(): void {
    if (!task && local.size === 0) return;
    if (task) lostUntil = task.startedAt + TASK_TIMEOUT_MS;
    const forgotten = new Set((task?.taken ?? []).flatMap(({ update }) => (update && forgetsUpdates ? [update] : [])));
    updates = updates.filter((update) => !forgotten.has(update));
    pending = [...(task?.taken ?? []).filter(({ update }) => !update || !forgotten.has(update)), ...pending];
    task = undefined;
    isTaskDue = true;
    for (const update of forgotten) update.answer({ kind: 'lost' });
  }

  return {
    signal: (signalName: string, input: unknown) =>
      deliver({
        job: { variant: 'signalWorkflow', signalWorkflow: { signalName, input: [toPayload(input)], headers: {} } },
      }),
    cancel: () => deliver({ job: { variant: 'cancelWorkflow', cancelWorkflow: { reason: 'cancelled' } } }),
    /** Sends an update; `answer` is called once. */
    update: (id: string, name: string, input: unknown, answer: (answer: Answer) => void) => {
      if (ending) {
        answer({ kind: 'closed' });
        return;
      }
      const update = { id, isAccepted: false, answer };
      updates.push(update);
      deliver({ job: updateJob(id, name, input, true), update });
    },
    /** Ends the worker's process; another one takes over after `downMs`. */
    crash: (downMs: number) => {
      if (!isWorkerUp) return;
      isWorkerUp = false;
      for (const attempt of attempts) attempt.alive = false;
      attempts.clear();
      instance = undefined;
      loseTask();
      local = new Map();
      server.missed();
      agenda.add(downMs, () => {
        isWorkerUp = true;
        server.dispatchDue();
        wake();
      });
    },
    /** The worker's cache has no room for the workflow any more: its next task begins with a replay. */
    evict: () => {
      if (!task) instance = undefined;
    },
    ending: () => ending,
    unanswered: () => updates.length,
    defects,
  };
}
