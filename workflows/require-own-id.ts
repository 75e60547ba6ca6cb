import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';

/**
 * Fails the workflow, for good and before it acts on anything, unless its input is one that it understands and its id is the one that
 * belongs to that: a copy that someone starts under another id would act on an order or import that has a workflow already.
 */
export function requireOwnId<Input>(
  input: unknown,
  isInput: (input: unknown) => input is Input,
  idOf: (input: Input) => string,
): asserts input is Input {
  const { workflowId, workflowType } = workflowInfo();
  const own = isInput(input) ? idOf(input) : undefined;
  if (workflowId === own) return;
  throw ApplicationFailure.create({
    type: failureTypes.invalidCommand,
    nonRetryable: true,
    message:
      `${workflowType} runs under the workflow id ${own ?? 'of its input'} only, and this one is ${workflowId}: it has done nothing. ` +
      'Place orders and imports through the API; act on one that exists by a signal or update to its own workflow.',
  });
}
