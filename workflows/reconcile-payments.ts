import {
  ActivityFailure,
  ApplicationFailure,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { ReconcilePaymentsInput } from '../src/domain/payment-report.ts';
import { untilWritten } from './activity-options.ts';

const { openNightlyReport, failPaymentReport, countDifferences } = proxyActivities<Activities>({
  ...untilWritten,
  summary: 'write the report',
});
const { continuePaymentReport } = proxyActivities<Activities>({
  ...untilWritten,
  // A part takes twenty seconds, and the page that it has begun by then.
  startToCloseTimeout: '1m',
  heartbeatTimeout: '5s',
  // A payment service that is away for longer is compared with another night.
  scheduleToCloseTimeout: '1h',
  summary: 'compare payments',
});

/** Compares the payment service's list with our books, part by part; without a report it is the nightly one. Returns the differences by kind. */
export async function reconcilePayments(
  input: ReconcilePaymentsInput | undefined,
): Promise<Readonly<Record<string, number>>> {
  const reportId = input?.reportId ?? uuid4();
  if (input?.reportId === undefined) await openNightlyReport({ reportId });
  setCurrentDetails(`Report \`${reportId}\`: GET /api/v1/reconciliations/${reportId}`);
  while (!(await compareNextPart(reportId))) {
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof reconcilePayments>({ reportId });
  }
  return countDifferences({ reportId });
}

/** Returns whether the report is done. Throws the `ApplicationFailure` that says why it can't be, once that is on record. */
async function compareNextPart(reportId: string): Promise<boolean> {
  try {
    const { isDone } = await continuePaymentReport({ reportId });
    return isDone;
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const problem = (error.cause ?? error).message;
    await failPaymentReport({ reportId, problem });
    throw ApplicationFailure.nonRetryable(`the report could not be made: ${problem}`);
  }
}
