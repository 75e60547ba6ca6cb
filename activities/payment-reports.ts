import { ApplicationFailure } from '@temporalio/common';
import {
  continuePaymentReport,
  openNightlyReport,
  type PaymentReportDependencies,
} from '../src/orders/reconcile-payments.ts';
import { countDifferences, endPaymentReport, findPaymentReport } from '../src/repositories/payment-reports.ts';
import { throwActivityFailure } from './failures.ts';
import { startHeartbeat } from './heartbeat.ts';

/** How long one activity works on a report, in milliseconds. */
const WORK_MS = 20_000;

/** Which report an activity works on. */
export interface OfPaymentReport {
  readonly reportId: string;
}

/** Comparing the payment service's list with our books. */
export function paymentReportActivities(dependencies: PaymentReportDependencies) {
  const { db } = dependencies;
  return {
    /** Registers the nightly report. Key: its id. */
    openNightlyReport: ({ reportId }: OfPaymentReport): Promise<void> =>
      openNightlyReport(dependencies, reportId).catch(throwActivityFailure),

    /** Makes the next part of a report for some seconds; returns whether anything is left. Key: how far the report has come. */
    continuePaymentReport: async ({ reportId }: OfPaymentReport): Promise<{ readonly isDone: boolean }> => {
      const stopHeartbeat = startHeartbeat();
      try {
        const deadline = performance.now() + WORK_MS;
        // Each part goes on where the one before has ended.
        // oxlint-disable-next-line no-await-in-loop
        while (await continuePaymentReport(dependencies, reportId)) {
          if (performance.now() > deadline) return { isDone: false };
        }
        return { isDone: true };
      } catch (error) {
        return throwActivityFailure(error);
      } finally {
        stopHeartbeat();
      }
    },

    /** Ends a report that could not be made. Key: its id. */
    failPaymentReport: ({ reportId, problem }: OfPaymentReport & { readonly problem: string }): Promise<void> =>
      endPaymentReport(db, reportId, problem).catch(throwActivityFailure),

    /** How many differences a report has found, by kind, for the Web UI. */
    countDifferences: async ({ reportId }: OfPaymentReport): Promise<Readonly<Record<string, number>>> => {
      const report = await findPaymentReport(db, reportId);
      if (!report) throw ApplicationFailure.nonRetryable('there is no such report');
      return countDifferences(db, reportId);
    },
  };
}
