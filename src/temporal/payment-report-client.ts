import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  type ScheduleOptions,
} from '@temporalio/client';
import type { SagaConfig } from '../config.ts';
import { paymentReportWorkflowId, RECONCILE_PAYMENTS, type ReconcilePaymentsInput } from '../domain/payment-report.ts';
import { findPaymentReportsToStart, markPaymentReportStarted } from '../repositories/payment-reports.ts';
import type { Db } from '../repositories/schema.ts';
import { callWithin, requireConnection, START_DEADLINE_MS, toUnavailableError } from './call-temporal.ts';
import type { TemporalConnection, TemporalConnector } from './connection.ts';
import type { StartDependencies } from './start-dependencies.ts';

/** The schedule's id, as the Web UI shows it. */
export const RECONCILE_PAYMENTS_SCHEDULE = 'reconcile-payments';

/** Starts a registered report's workflow through Temporal. Rejects with `TemporalUnavailableError`. */
export function createPaymentReportStart(
  connector: TemporalConnector,
  db: Db,
  config: SagaConfig,
): (reportId: string) => Promise<void> {
  return async (reportId) => {
    const temporal = requireConnection(connector);
    try {
      await callWithin(temporal, START_DEADLINE_MS, () => startReport(temporal, config, reportId));
    } catch (error) {
      throw toUnavailableError(error);
    }
    await markPaymentReportStarted(db, reportId);
  };
}

/** Starts reports that are registered and not started, since Temporal was unavailable or the API died. */
export async function relayPaymentReports({ db, temporal, config, logger }: StartDependencies): Promise<void> {
  for (const id of await findPaymentReportsToStart(db)) {
    try {
      await startReport(temporal, config, id);
      await markPaymentReportStarted(db, id);
    } catch (error) {
      logger.warn({ err: error, report_id: id }, 'payment report not started');
    }
  }
}

/** Once per report for ever: starting one that runs or has ended does nothing. */
async function startReport({ client }: TemporalConnection, { temporal }: SagaConfig, reportId: string): Promise<void> {
  const input: ReconcilePaymentsInput = { reportId };
  try {
    await client.workflow.start(RECONCILE_PAYMENTS, {
      workflowId: paymentReportWorkflowId(reportId),
      taskQueue: temporal.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Creates the schedule of the nightly report, updates the existing one to the configured time, or removes it when there is none. */
export async function ensurePaymentReportSchedule({ client }: TemporalConnection, config: SagaConfig): Promise<void> {
  const { paymentReconcileAt: at } = config;
  const handle = client.schedule.getHandle(RECONCILE_PAYMENTS_SCHEDULE);
  if (at === null) {
    await handle.delete().catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
    return;
  }
  const options = scheduleOptions(at, config);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = options;
    await handle.update(({ state }) => ({ spec, action, policies, state }));
  }
}

function scheduleOptions({ hour, minute }: { hour: number; minute: number }, { temporal, order }: SagaConfig) {
  return {
    scheduleId: RECONCILE_PAYMENTS_SCHEDULE,
    spec: { calendars: [{ hour, minute }], timezone: order.timeZone },
    // A night that was missed is compared by the next one, which goes on where the last one ended.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '6h' },
    action: {
      type: 'startWorkflow',
      workflowType: RECONCILE_PAYMENTS,
      workflowId: RECONCILE_PAYMENTS_SCHEDULE,
      taskQueue: temporal.taskQueue,
    },
  } satisfies ScheduleOptions;
}
