import { globalHandlers } from '@temporalio/worker/lib/workflow/vm-shared.js';

/** What a thread runs that records no stack traces of promises: the SDK's own program, without the hook that it would install. */
Object.defineProperty(globalHandlers, 'setPromiseHook', { value: () => {} });
await import('@temporalio/worker/lib/workflow/workflow-worker-thread.js');
