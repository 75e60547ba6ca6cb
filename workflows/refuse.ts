import { ApplicationFailure } from '@temporalio/workflow';

/** A command's refusal, as its caller gets it. */
export function refuse(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
