import { ThreadedVMWorkflowCreator } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { Logger } from '@temporalio/worker';
import { expect, test, vi } from 'vitest';
import { withOwnThreads } from '../../src/worker/workflow-threads.ts';

/** Stands for a bundle: its workflows never come back. */
const endless = `
  globalThis.__webpack_module_cache__;
  globalThis.__TEMPORAL__ = { api: { initRuntime() { for (;;); } } };`;

const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} } as unknown as Logger;

/** Starts the threads of a worker that runs `endless`. */
function startThreads(onStuck: () => void) {
  const sourceMap = { version: '3', sources: [], names: [], mappings: '', file: 'endless.js' } as never;
  return withOwnThreads({ hasStackTraces: false, onStuck, stuckMs: 500 }, () =>
    ThreadedVMWorkflowCreator.create({
      threadPoolSize: 1,
      workflowBundle: { code: endless, sourceMap, filename: 'endless.js' },
      isolateExecutionTimeoutMs: 500,
      reuseV8Context: true,
      registeredActivityNames: new Set(),
      logger: quiet,
    }),
  );
}

const workflow = { info: { runId: 'run', unsafe: {} } } as never;

test('workflow code that never comes back ends its worker once, and from then on fails its own tasks only', async () => {
  const onStuck = vi.fn<() => void>();
  const first = await startThreads(onStuck);
  await expect(first.createWorkflow(workflow)).rejects.toThrow('exited');
  expect(onStuck).toHaveBeenCalledOnce();

  const second = await startThreads(onStuck);
  await expect(second.createWorkflow(workflow)).rejects.toThrow('timed out after 500ms');
  await expect(second.createWorkflow(workflow)).rejects.toThrow('timed out after 500ms');
  expect(onStuck).toHaveBeenCalledOnce();
  await second.destroy().catch(() => {});
});
