import type { WorkflowInterceptors } from '@temporalio/workflow';

/** How the names begin that the SDK reserves for itself. */
const RESERVED = '__temporal_';

/**
 * Has signals with a reserved name taken for unknown ones. A workflow that listens to unknown signals would otherwise fail the
 * workflow task that brings such a signal, and every later one.
 */
export function interceptors(): WorkflowInterceptors {
  return {
    internals: [
      {
        activate(input, next) {
          for (const { signalWorkflow: signal } of input.activation.jobs ?? []) {
            if (signal?.signalName?.startsWith(RESERVED)) signal.signalName = `reserved ${signal.signalName}`;
          }
          next(input);
        },
      },
    ],
  };
}
