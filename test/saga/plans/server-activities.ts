import type { Agenda } from './agenda.ts';
import type { Attempt, AttemptCall, Outcome } from './attempts.ts';
import { activityFailure, timedOut, type Failure } from './failures.ts';
import { fromPayload, resolveActivity, toMs, toPayload } from './wire.ts';
import type { Job } from './workflow-runtime.ts';

interface Regular {
  readonly seq: number;
  readonly name: string;
  readonly input: unknown;
  readonly startToCloseMs: number;
  readonly heartbeatMs: number | undefined;
  readonly retry: { initialMs: number; coefficient: number; maximumMs: number; maximumAttempts: number };
  readonly deadline: number | undefined;
  number: number;
  running: Attempt | undefined;
  isDue: boolean;
  lastFailure: Failure | undefined;
  /** Called when the attempt under way is given up or has ended. */
  offTimer: () => void;
}

/** What the server needs for regular activities. */
export interface ActivityHost {
  readonly agenda: Agenda;
  /** Starts an attempt on a worker; `undefined` while there is none. */
  readonly run: (call: AttemptCall, done: (outcome: Outcome) => void) => Attempt | undefined;
  readonly resolve: (job: Job) => void;
}

/** Regular activities as the server keeps them: attempts, their limits and retries. Those of a dead process are missed by a limit. */
export function createServerActivities(host: ActivityHost) {
  const { agenda } = host;
  const open = new Map<number, Regular>();

  function dispatch(activity: Regular): void {
    if (!open.has(activity.seq)) return;
    const { name, input, seq, number } = activity;
    const attempt = host.run({ name, input, isLocal: false, number }, (outcome) => {
      if (activity.running !== attempt || !open.has(seq)) return;
      activity.offTimer();
      activity.running = undefined;
      if ('result' in outcome) close(activity, { completed: { result: toPayload(outcome.result) } });
      else failed(activity, outcome.failure, outcome.retryable);
    });
    activity.isDue = attempt === undefined;
    if (!attempt) return;
    activity.running = attempt;
    activity.offTimer = agenda.add(activity.startToCloseMs, () => timeOut(activity, attempt, 'START_TO_CLOSE'));
  }

  function timeOut(activity: Regular, attempt: Attempt, kind: 'START_TO_CLOSE' | 'HEARTBEAT'): void {
    if (activity.running !== attempt || !open.has(activity.seq)) return;
    activity.offTimer();
    activity.running = undefined;
    failed(activity, timedOut(kind, activity.lastFailure), true);
  }

  function failed(activity: Regular, failure: Failure, retryable: boolean): void {
    activity.lastFailure = failure;
    const { initialMs, coefficient, maximumMs, maximumAttempts } = activity.retry;
    const waitMs = Math.min(initialMs * coefficient ** (activity.number - 1), maximumMs);
    const isOver = maximumAttempts > 0 && activity.number >= maximumAttempts;
    const isTooLate = activity.deadline !== undefined && agenda.now() + waitMs > activity.deadline;
    if (!retryable || isOver || isTooLate) {
      close(activity, { failed: { failure: activityFailure(activity.name, String(activity.seq), failure) } });
      return;
    }
    activity.number += 1;
    agenda.add(waitMs, () => dispatch(activity));
  }

  function close(activity: Regular, result: { completed: unknown } | { failed: unknown }): void {
    activity.offTimer();
    if (open.delete(activity.seq)) host.resolve(resolveActivity(activity.seq, false, result));
  }

  return {
    schedule: (command: Record<string, unknown>): void => {
      const activity = toRegular(command, agenda.now());
      open.set(activity.seq, activity);
      if (activity.deadline !== undefined) {
        agenda.add(activity.deadline - agenda.now(), () => {
          const failure = timedOut('SCHEDULE_TO_CLOSE', activity.lastFailure);
          if (open.has(activity.seq)) {
            close(activity, { failed: { failure: activityFailure(activity.name, String(activity.seq), failure) } });
          }
        });
      }
      dispatch(activity);
    },
    /** What runs goes on running, but is not tried again, and nobody learns what it comes to. */
    cancel: (seq: number): void => {
      open.get(seq)?.offTimer();
      open.delete(seq);
    },
    /** The process that ran them is gone: each is missed when its heartbeat is, or when its time is up. */
    missed: (): void => {
      for (const activity of open.values()) {
        const { running, heartbeatMs } = activity;
        if (running && heartbeatMs !== undefined)
          agenda.add(heartbeatMs, () => timeOut(activity, running, 'HEARTBEAT'));
      }
    },
    /** There is a worker again. */
    dispatchDue: (): void => {
      for (const activity of open.values()) if (activity.isDue) dispatch(activity);
    },
    closeAll: (): void => {
      for (const activity of open.values()) activity.offTimer();
      open.clear();
    },
  };
}

function toRegular(command: Record<string, unknown>, now: number): Regular {
  const retry = (command['retryPolicy'] ?? {}) as Record<string, unknown>;
  const scheduleToCloseMs = toMs(command['scheduleToCloseTimeout']);
  const initialMs = toMs(retry['initialInterval']) ?? 1_000;
  return {
    seq: command['seq'] as number,
    name: command['activityType'] as string,
    input: fromPayload((command['arguments'] as unknown[])[0]),
    startToCloseMs: toMs(command['startToCloseTimeout']) ?? Infinity,
    heartbeatMs: toMs(command['heartbeatTimeout']),
    deadline: scheduleToCloseMs === undefined ? undefined : now + scheduleToCloseMs,
    retry: {
      initialMs,
      coefficient: (retry['backoffCoefficient'] as number | undefined) ?? 2,
      maximumMs: toMs(retry['maximumInterval']) ?? initialMs * 100,
      maximumAttempts: (retry['maximumAttempts'] as number | undefined) ?? 0,
    },
    number: 1,
    running: undefined,
    isDue: false,
    lastFailure: undefined,
    offTimer: () => {},
  };
}
