import { proxyActivities, upsertMemo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { QUIET_PASS, type ReconcileReport } from '../src/domain/reconcile-report.ts';

const { reconcileOrders: runPass } = proxyActivities<Activities>({
  // A pass takes seconds; one that takes five minutes has lost its worker or its database, and the next one follows anyway.
  startToCloseTimeout: '5m',
  // The schedule starts no pass while another is under way: one whose worker died has to be given up at once.
  heartbeatTimeout: '2s',
  retry: { maximumAttempts: 1 },
  summary: 'compare orders with their workflows',
});

/** A pass of the reconciler as a workflow, for the schedule and the Web UI; its result says what was found and done. */
export async function reconcileOrders(): Promise<ReconcileReport> {
  const report = await runPass();
  // What needs attention is found by every pass until somebody has dealt with it.
  if (report.taken_up + report.compensating + report.repaired === 0) upsertMemo({ [QUIET_PASS]: true });
  return report;
}
