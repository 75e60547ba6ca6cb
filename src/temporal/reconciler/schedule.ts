import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';
import type { SagaConfig } from '../../config.ts';
import { RECONCILE_ORDERS } from '../../domain/reconcile-report.ts';
import type { TemporalConnection } from '../connection.ts';

/** The schedule's id, as the Web UI shows it. */
export const RECONCILE_SCHEDULE = 'reconcile-orders';

/** Creates the reconciler's schedule, or updates the existing one to the configured interval. */
export async function ensureReconcileSchedule({ client }: TemporalConnection, config: SagaConfig): Promise<void> {
  const options = scheduleOptions(config);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = options;
    await client.schedule.getHandle(RECONCILE_SCHEDULE).update(({ state }) => ({ spec, action, policies, state }));
  }
}

function scheduleOptions({ temporal, reconcileIntervalMs }: SagaConfig) {
  return {
    scheduleId: RECONCILE_SCHEDULE,
    spec: { intervals: [{ every: reconcileIntervalMs }] },
    // No pass starts while another one runs.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    action: {
      type: 'startWorkflow',
      workflowType: RECONCILE_ORDERS,
      workflowId: RECONCILE_SCHEDULE,
      taskQueue: temporal.taskQueue,
    },
  } satisfies ScheduleOptions;
}
