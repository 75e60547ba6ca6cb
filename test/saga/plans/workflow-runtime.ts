import { AsyncLocalStorage } from 'node:async_hooks';
import assert from 'node:assert';
import { pathToFileURL } from 'node:url';
import { createContext, Script } from 'node:vm';

/** A job of an activation, as the SDK's core hands it to a workflow: `variant` names the one field that is set. */
export interface Job {
  readonly variant: string;
  readonly [variant: string]: unknown;
}

/** A command of a workflow: one field is set, and names it. */
export type WorkflowCommand = Readonly<Record<string, Record<string, unknown> | undefined>>;

/** What a workflow is told of one activation. */
export interface Activation {
  readonly jobs: readonly Job[];
  readonly timestampMs: number;
  readonly isReplaying: boolean;
}

/** One instance of a workflow in a worker's cache. */
export interface WorkflowInstance {
  /** Runs the jobs and all that follows at once; returns the commands. Throws what would fail the workflow task. */
  readonly activate: (activation: Activation) => WorkflowCommand[];
}

/** The real SDK with the real workflow code, as a worker loads them. */
export interface WorkflowRuntime {
  readonly start: (workflowType: string, workflowId: string, runId: string, nowMs: number) => WorkflowInstance;
}

interface Activator {
  now: number;
  mutateWorkflowInfo: (change: (info: Record<string, unknown>) => Record<string, unknown>) => void;
  addKnownFlags: (flags: Iterable<number>) => void;
  getAndResetSinkCalls: () => unknown[];
}

/** What a worker's sandbox calls in the bundle; everything else of `@temporalio/workflow` is reached through it. */
type Api = 'initRuntime' | 'initialize' | 'activate' | 'tryUnblockConditions' | 'concludeActivation';

/**
 * Loads a bundle of workflow code into a context of its own, as a worker does. One context serves any number of workflows,
 * one after the other or by turns: the activator, which is all that tells them apart, is swapped before each call.
 * `file` is where the bundle stands, so that what runs of it counts as covered.
 */
export function loadWorkflows(bundle: string, file?: string): WorkflowRuntime {
  const context = createContext(
    {
      AsyncLocalStorage,
      TextDecoder,
      TextEncoder,
      URL,
      URLSearchParams,
      AbortController,
      assert,
      __webpack_module_cache__: {},
    },
    // Everything that a call sets off has happened when it returns.
    { microtaskMode: 'afterEvaluate' },
  ) as Record<string, unknown>;
  new Script(bundle, { filename: file === undefined ? 'workflows' : pathToFileURL(file).href }).runInContext(context);
  const enter = new Script('__TEMPORAL__.api[__call[0]](...__call[1])');
  const call = (name: Api, ...args: unknown[]): unknown => {
    context['__call'] = [name, args];
    return enter.runInContext(context);
  };
  // A history says which behaviours of the SDK its run had switched on: here always those of this SDK.
  const flags = new Set<number>();
  return {
    start: (workflowType, workflowId, runId, nowMs) => {
      context['__TEMPORAL_ACTIVATOR__'] = undefined;
      call('initRuntime', {
        info: { workflowType, workflowId, runId, ...workflowInfo },
        now: nowMs,
        randomnessSeed: [...Buffer.from(runId)],
        getTimeOfDay: () => 0n,
        registeredActivityNames: { has: () => true },
        showStackTraceSources: false,
        stackTracesEnabled: false,
        failureExceptionTypeNames: [],
      });
      const activator = context['__TEMPORAL_ACTIVATOR__'] as Activator;
      return {
        activate: (activation) => {
          context['__TEMPORAL_ACTIVATOR__'] = activator;
          return activate(call, activator, flags, activation);
        },
      };
    },
  };
}

const workflowInfo = {
  namespace: 'default',
  firstExecutionRunId: 'run',
  taskQueue: 'orders',
  attempt: 1,
  taskTimeoutMs: 2_000,
  historyLength: 0,
  historySize: 0,
  startTime: new Date(0),
  runStartTime: new Date(0),
  searchAttributes: {},
  memo: {},
  unsafe: { isReplaying: false, isReplayingHistoryEvents: false },
};

interface Successful {
  readonly commands: WorkflowCommand[];
  readonly usedInternalFlags: readonly number[];
}

/** What a worker's sandbox does for an activation. */
function activate(
  call: (name: Api, ...args: unknown[]) => unknown,
  activator: Activator,
  flags: Set<number>,
  { jobs, timestampMs, isReplaying }: Activation,
): WorkflowCommand[] {
  activator.now = timestampMs;
  activator.mutateWorkflowInfo((info) => ({
    ...info,
    unsafe: { ...(info['unsafe'] as object), isReplaying, isReplayingHistoryEvents: isReplaying },
  }));
  if (isReplaying) activator.addKnownFlags(flags);
  const init = jobs.find(({ variant }) => variant === 'initializeWorkflow');
  if (init) call('initialize', init['initializeWorkflow']);
  call('activate', { jobs: [...jobs] });
  while ((call('tryUnblockConditions') as number) > 0);
  const { successful } = call('concludeActivation') as { successful: Successful };
  for (const flag of successful.usedInternalFlags) flags.add(flag);
  activator.getAndResetSinkCalls();
  return successful.commands;
}
