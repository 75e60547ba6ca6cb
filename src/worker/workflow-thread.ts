import { workerData } from 'node:worker_threads';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';
import type { ThreadSettings } from './workflow-threads.ts';

/** The program of a workflow thread: the SDK's own, without what it is told to leave out. */
const { hasStackTraces, isLimited } = workerData as ThreadSettings;
if (!hasStackTraces) Object.defineProperty(globalHandlers, 'setPromiseHook', { value: () => {} });
if (!isLimited) {
  const create = ReusableVMWorkflowCreator.create.bind(ReusableVMWorkflowCreator);
  Object.defineProperty(ReusableVMWorkflowCreator, 'create', {
    value: (...[bundle, , ...rest]: Parameters<typeof create>) =>
      create(bundle, undefined as unknown as number, ...rest),
  });
}
await import('@temporalio/worker/lib/workflow/workflow-worker-thread.js');
