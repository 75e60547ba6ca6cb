import {
  ApplicationFailure,
  CancelledFailure,
  DefaultFailureConverter,
  TimeoutFailure,
  defaultPayloadConverter,
} from '@temporalio/common';

const converter = new DefaultFailureConverter();

/** A failure on the wire. */
export type Failure = ReturnType<DefaultFailureConverter['errorToFailure']>;

/** The wire form of any error. */
export function toFailure(error: unknown): Failure {
  return converter.errorToFailure(error, defaultPayloadConverter);
}

/** The error of a wire form, with its type when it is an `ApplicationFailure`. */
export function typeOfFailure(failure: Failure): { readonly type: string; readonly message: string } {
  const error = converter.failureToError(failure, defaultPayloadConverter);
  return { type: (error instanceof ApplicationFailure && error.type) || error.name, message: error.message };
}

/** How an activity's failure reaches its workflow. */
export function activityFailure(activityType: string, activityId: string, cause: Failure | undefined): Failure {
  const activityFailureInfo = { activityType: { name: activityType }, activityId, identity: 'worker', retryState: 0 };
  return { message: 'Activity task failed', activityFailureInfo, ...(cause && { cause }) };
}

/** A limit that ran out, with the failure before it. */
export function timedOut(kind: 'START_TO_CLOSE' | 'SCHEDULE_TO_CLOSE' | 'HEARTBEAT', last?: Failure): Failure {
  return {
    ...toFailure(new TimeoutFailure(`activity ${kind} timeout`, undefined, kind)),
    ...(last && { cause: last }),
  };
}

/** What a cancelled activity answers. */
export function cancelled(): Failure {
  return toFailure(new CancelledFailure('activity cancelled'));
}
