import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { failureTypes, type AwaitedUntil, type Delayed, type FailureType } from '../src/domain/failures.ts';
import { Refusal, type RefusalCode } from '../src/domain/refusal.ts';
import { GatewayError } from '../src/gateways/gateway-error.ts';
import { isDatabaseUnavailable } from '../src/repositories/database.ts';

/** A business outcome as a failure: never retried. `details` travel to the workflow. */
export function refusal(type: FailureType, message: string, ...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true, details });
}

/**
 * A service has accepted the request and answers later: no failure that anybody has to look at, and nothing to retry by itself. `until`: when
 * the answer is asked for at the latest.
 */
export function awaitingAnswer(from: string, since: string, until?: Date): ApplicationFailure {
  return ApplicationFailure.create({
    type: failureTypes.awaitingAnswer,
    message: `accepted by the ${from}, whose answer is awaited since ${since}`,
    nonRetryable: true,
    ...(until && { details: [{ until: until.toISOString() } satisfies AwaitedUntil] }),
    category: ApplicationFailureCategory.BENIGN,
  });
}

/** Maps whatever an activity met to a typed failure; only what no retry can mend is not retried. */
export function toActivityFailure(error: unknown): ApplicationFailure {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof Refusal) return ofRefusal(error);
  const cause = error instanceof Error ? error : new Error(String(error));
  const { type, nonRetryable } = classify(cause);
  const retryAfterMs = error instanceof GatewayError ? error.retryAfterMs : undefined;
  const failure = ApplicationFailure.create({
    type,
    nonRetryable,
    message: cause.message,
    // The engine waits as long between attempts; a workflow reads it from the details, since it is not told of the delay.
    ...(retryAfterMs !== undefined && { nextRetryDelay: retryAfterMs, details: [{ retryAfterMs } satisfies Delayed] }),
    ...(cause.cause instanceof Error && { cause: cause.cause }),
  });
  // Where it happened, instead of where it was mapped.
  if (cause.stack !== undefined) failure.stack = cause.stack;
  return failure;
}

/** Rejects with what {@link toActivityFailure} makes of `error`. */
export function throwActivityFailure(error: unknown): never {
  throw toActivityFailure(error);
}

/** Workflows and their callers know types of their own; the code of a refusal belongs to the API. */
const refusalTypes: Partial<Record<RefusalCode, FailureType>> = {
  ORD001: failureTypes.customerRefused,
  ORD005: failureTypes.transitionNotAllowed,
  VERSION_CONFLICT: failureTypes.versionConflict,
};

function ofRefusal({ code, message, details }: Refusal): ApplicationFailure {
  return refusal(refusalTypes[code] ?? failureTypes.notPossible, message, ...details);
}

function classify(error: Error): { type: FailureType | 'UNEXPECTED'; nonRetryable: boolean } {
  if (isDatabaseUnavailable(error)) return { type: failureTypes.databaseUnavailable, nonRetryable: false };
  // What nobody thought of may be mended by a deploy, so it is retried within the step's bound.
  if (!(error instanceof GatewayError)) return { type: 'UNEXPECTED', nonRetryable: false };
  switch (error.kind) {
    case 'unreachable':
      return { type: failureTypes.unreachable, nonRetryable: false };
    case 'unknown':
      return { type: failureTypes.outcomeUnknown, nonRetryable: false };
    case 'refused':
    case 'rejected':
      return { type: failureTypes.rejected, nonRetryable: true };
    default:
      return error.kind satisfies never;
  }
}
