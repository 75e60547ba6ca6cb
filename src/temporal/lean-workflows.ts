import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';

/*
 * What the SDK does in whichever thread runs workflows, and has no options for: in a workflow thread, or where histories are replayed.
 * Called before the first workflow is made there.
 */

/** No promise of this thread, of workflows or not, is followed any more to tell where workflows wait. */
export function leaveOutStackTraces(): void {
  Object.defineProperty(globalHandlers, 'setPromiseHook', { value: () => {} });
}

/** Workflow code may take as long as it takes: for a time limit Node starts a thread at each entry. */
export function leaveOutTimeLimit(): void {
  const create = ReusableVMWorkflowCreator.create.bind(ReusableVMWorkflowCreator);
  Object.defineProperty(ReusableVMWorkflowCreator, 'create', {
    value: (...[bundle, , ...rest]: Parameters<typeof create>) =>
      create(bundle, undefined as unknown as number, ...rest),
  });
}

let areReplaysLean = false;

/** For what replays histories, which the SDK does in the caller's own thread: there it would follow the promises of all that comes after, too. */
export function leanReplays(): void {
  if (areReplaysLean) return;
  areReplaysLean = true;
  leaveOutStackTraces();
  leaveOutTimeLimit();
}
