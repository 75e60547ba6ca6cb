import { ApplicationFailure } from '@temporalio/workflow';
import type { FailureType } from '../src/domain/failures.ts';

/** The failure by which the caller of a command learns that it is rejected, and why. */
export function createRejection(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
