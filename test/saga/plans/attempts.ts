import { AsyncLocalStorage } from 'node:async_hooks';
import { ApplicationFailure } from '@temporalio/common';
import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { toFailure, type Failure } from './failures.ts';

/** An attempt at an activity, for as long as the process that makes it lives. */
export interface Attempt {
  alive: boolean;
}

/** What an attempt came to. */
export type Outcome =
  | { readonly result: unknown }
  | { readonly failure: Failure; readonly type: string; readonly retryable: boolean };

/** Which attempt of what. */
export interface AttemptCall {
  readonly name: string;
  readonly input: unknown;
  readonly isLocal: boolean;
  readonly number: number;
}

/** Activities by name, as a worker has them. */
export type AnyActivities = Readonly<Record<string, (input: never) => Promise<unknown>>>;

const attempts = new AsyncLocalStorage<Attempt>();

/** The attempt on whose behalf something is called; none for what is done by hand. */
export function currentAttempt(): Attempt | undefined {
  return attempts.getStore();
}

/** Runs one attempt at a real activity, as a worker does; what a dead process's attempt comes to, nobody learns. */
export function runAttempt(activities: AnyActivities, call: AttemptCall, done: (outcome: Outcome) => void): Attempt {
  const attempt: Attempt = { alive: true };
  const { name, input, isLocal, number } = call;
  const never = new Promise<never>(() => {});
  const info = { isLocal, attempt: number, activityType: name } as Info;
  const nothing = undefined as never;
  const context = new Context(info, never, new AbortController().signal, () => {}, nothing, nothing, nothing, {});
  const finish = (outcome: Outcome) => {
    if (attempt.alive) done(outcome);
  };
  const run = async () => activities[name]!(input as never);
  void attempts.run(attempt, () =>
    asyncLocalStorage.run(context, () =>
      run().then(
        (result) => finish({ result }),
        (error: unknown) => finish(failureOutcome(error)),
      ),
    ),
  );
  return attempt;
}

function failureOutcome(error: unknown): Outcome {
  const failure = toFailure(error);
  if (!(error instanceof ApplicationFailure)) return { failure, type: 'Error', retryable: true };
  return { failure, type: error.type ?? '', retryable: !error.nonRetryable };
}
