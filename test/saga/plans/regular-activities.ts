import type { Attempt, AttemptCall, Outcome } from './attempts.ts';
import { activityFailure, timedOut, type Failure } from './failures.ts';
import type { VirtualClock } from './virtual-clock.ts';
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
interface ActivityHost {
  readonly clock: VirtualClock;
  /** Starts an attempt on a worker; `undefined` while there is none. */
  readonly run: (call: AttemptCall, done: (outcome: Outcome) => void) => Attempt | undefined;
  readonly resolve: (job: Job) => void;
}

/** Regular activities as the server keeps them: attempts, their limits and retries. Those of a dead process are missed by a limit. */
export class RegularActivities {
  readonly #host: ActivityHost;
  readonly #open = new Map<number, Regular>();

  constructor(host: ActivityHost) {
    this.#host = host;
  }

  schedule(command: Record<string, unknown>): void {
    const { clock } = this.#host;
    const activity = toRegular(command, clock.now());
    this.#open.set(activity.seq, activity);
    if (activity.deadline !== undefined) {
      clock.schedule(activity.deadline - clock.now(), () => {
        if (this.#open.has(activity.seq)) this.#fail(activity, timedOut('SCHEDULE_TO_CLOSE', activity.lastFailure));
      });
    }
    this.#dispatch(activity);
  }

  /** What runs goes on running, but is not tried again, and nobody learns what it comes to. */
  cancel(seq: number): void {
    this.#open.get(seq)?.offTimer();
    this.#open.delete(seq);
  }

  /** The process that ran them is gone: each is missed when its heartbeat is, or when its time is up. */
  missRunning(): void {
    for (const activity of this.#open.values()) {
      const { running, heartbeatMs } = activity;
      if (!running || heartbeatMs === undefined) continue;
      this.#host.clock.schedule(heartbeatMs, () => this.#timeOut(activity, running, 'HEARTBEAT'));
    }
  }

  /** There is a worker again. */
  dispatchDue(): void {
    for (const activity of this.#open.values()) if (activity.isDue) this.#dispatch(activity);
  }

  names(): string[] {
    return [...this.#open.values()].map(({ name }) => name);
  }

  isAttempting(): boolean {
    return [...this.#open.values()].some(({ running }) => running !== undefined);
  }

  closeAll(): void {
    for (const activity of this.#open.values()) activity.offTimer();
    this.#open.clear();
  }

  #dispatch(activity: Regular): void {
    if (!this.#open.has(activity.seq)) return;
    const { name, input, seq, number } = activity;
    const attempt = this.#host.run({ name, input, isLocal: false, number }, (outcome) => {
      if (activity.running !== attempt || !this.#open.has(seq)) return;
      activity.offTimer();
      activity.running = undefined;
      if ('result' in outcome) this.#close(activity, { completed: { result: toPayload(outcome.result) } });
      else this.#retry(activity, outcome.failure, outcome.retryable);
    });
    activity.isDue = attempt === undefined;
    if (!attempt) return;
    activity.running = attempt;
    const timeOut = () => this.#timeOut(activity, attempt, 'START_TO_CLOSE');
    activity.offTimer = this.#host.clock.schedule(activity.startToCloseMs, timeOut);
  }

  #timeOut(activity: Regular, attempt: Attempt, kind: 'START_TO_CLOSE' | 'HEARTBEAT'): void {
    if (activity.running !== attempt || !this.#open.has(activity.seq)) return;
    activity.offTimer();
    activity.running = undefined;
    this.#retry(activity, timedOut(kind, activity.lastFailure), true);
  }

  #retry(activity: Regular, failure: Failure, isRetryable: boolean): void {
    const { clock } = this.#host;
    activity.lastFailure = failure;
    const { initialMs, coefficient, maximumMs, maximumAttempts } = activity.retry;
    const waitMs = Math.min(initialMs * coefficient ** (activity.number - 1), maximumMs);
    const isOver = maximumAttempts > 0 && activity.number >= maximumAttempts;
    const isTooLate = activity.deadline !== undefined && clock.now() + waitMs > activity.deadline;
    if (!isRetryable || isOver || isTooLate) {
      this.#fail(activity, failure);
      return;
    }
    activity.number += 1;
    clock.schedule(waitMs, () => this.#dispatch(activity));
  }

  #fail(activity: Regular, failure: Failure): void {
    this.#close(activity, { failed: { failure: activityFailure(activity.name, String(activity.seq), failure) } });
  }

  #close(activity: Regular, result: { completed: unknown } | { failed: unknown }): void {
    activity.offTimer();
    if (this.#open.delete(activity.seq)) this.#host.resolve(resolveActivity(activity.seq, false, result));
  }
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
