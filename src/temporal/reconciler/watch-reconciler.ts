import { setTimeout as delay } from 'node:timers/promises';
import { countFailedAttempts } from '../failing-tasks.ts';
import type { ReconcilerDependencies } from './dependencies.ts';
import { reconcile } from './reconcile.ts';
import { RECONCILE_SCHEDULE } from './schedule.ts';

/**
 * Makes the reconciler's passes here whenever the workflow that makes them can't, since its own tasks fail: a bad deploy that breaks
 * every workflow must not hide that it does. Looks as often as a pass is due, until `signal` aborts.
 */
export async function watchReconciler(dependencies: ReconcilerDependencies, signal: AbortSignal): Promise<void> {
  const { config, logger } = dependencies;
  for (;;) {
    await delay(config.reconcileIntervalMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      if (!(await isReconcilerFailing(dependencies))) continue;
      logger.error('the workflow tasks of the reconciler fail: its pass is made without a workflow');
      await reconcile(dependencies, { everything: false });
    } catch (error) {
      logger.warn({ err: error }, 'reconciler not watched');
    }
  }
}

async function isReconcilerFailing({ temporal: { client } }: ReconcilerDependencies): Promise<boolean> {
  const { info } = await client.schedule.getHandle(RECONCILE_SCHEDULE).describe();
  for (const action of info.runningActions) {
    const { workflowId } = action.workflow;
    if (countFailedAttempts(await client.workflow.getHandle(workflowId).describe()) !== undefined) return true;
  }
  return false;
}
