import { uuidv7 } from 'uuidv7';
import type { Caller } from '../domain/caller.ts';
import { comparePayments } from '../domain/compare-payments.ts';
import type { PaymentReport } from '../domain/payment-report.ts';
import { invalidRequest } from '../domain/refusal.ts';
import type { PaymentGateway } from '../gateways/payment.ts';
import type { Logger } from '../logger.ts';
import {
  collectOrdersToCompare,
  endPaymentReport,
  findComparedUntil,
  findOrdersToCompare,
  findPaymentReport,
  insertPaymentReport,
  writeCompared,
  writeListedPage,
} from '../repositories/payment-reports.ts';
import type { Db } from '../repositories/schema.ts';

/** Orders that are compared at once: a few hundred kilobytes. */
const ORDERS_AT_ONCE = 200;

const DAY_MS = 86_400_000;

/** Who the nightly reports are by. */
const NIGHTLY_ACTOR = 'system:nightly-reconciliation';

/** What making a report takes. */
export interface PaymentReportDependencies {
  readonly db: Db;
  readonly gateways: { readonly payment: Pick<PaymentGateway, 'listMovements'> };
  /** How old a movement has to be: a younger one may be on one side alone for a moment. */
  readonly graceMs: number;
}

/** What asking for a report takes. */
export interface ReportStarter {
  readonly db: Db;
  readonly logger: Logger;
  readonly graceMs: number;
  /** Starts the workflow of a registered report. Rejects with `TemporalUnavailableError`. */
  readonly startReport: (reportId: string) => Promise<void>;
}

/**
 * Registers a report on what moved from `from` until before `to`, and starts its workflow; when that fails, the relay starts it within
 * seconds. What is too young to be compared is left out. Throws VALIDATION when nothing is left.
 */
export async function requestPaymentReport(
  { db, logger, graceMs, startReport }: ReportStarter,
  { actor }: Caller,
  { from, to }: Pick<PaymentReport, 'from' | 'to'>,
): Promise<PaymentReport> {
  const id = uuidv7();
  const until = new Date(Math.min(to.getTime(), Date.now() - graceMs));
  if (from >= until) {
    const message = `must be before "to", and before ${until.toISOString()}: what is younger may still be under way`;
    throw invalidRequest([{ pointer: '/from', message }]);
  }
  await insertPaymentReport(db, { id, from, to: until, actor }, false);
  await startReport(id).catch((error: unknown) => {
    logger.info({ report_id: id, err: error }, 'payment report not started, left to the relay');
  });
  const report = await findPaymentReport(db, id);
  if (!report) throw new Error('the report is gone');
  return report;
}

/** Registers the nightly report under this id: it goes on where the last one that was done ended, or begins a day ago. */
export async function openNightlyReport({ db, graceMs }: PaymentReportDependencies, id: string): Promise<void> {
  const to = new Date(Date.now() - graceMs);
  const from = (await findComparedUntil(db, NIGHTLY_ACTOR)) ?? new Date(to.getTime() - DAY_MS);
  await insertPaymentReport(db, { id, from, to, actor: NIGHTLY_ACTOR }, true);
}

/**
 * Makes the next part of a report: reads a page of the payment service's list, or compares some orders; returns whether anything is left. What
 * an attempt has done before it failed stays done.
 */
export async function continuePaymentReport(dependencies: PaymentReportDependencies, id: string): Promise<boolean> {
  const { db, gateways, graceMs } = dependencies;
  const report = await findPaymentReport(db, id);
  if (report?.state !== 'RUNNING') return false;
  if (!report.isListed) {
    // Both sides' clocks differ, and either may write a moment later. A payment that has moved again since is listed as well: it is not missing.
    const from = new Date(report.from.getTime() - graceMs);
    const to = new Date();
    const page = await gateways.payment.listMovements({ from, to, cursor: report.cursor ?? undefined });
    await db.transaction().execute(async (transaction) => {
      await writeListedPage(transaction, id, page.payments, page.nextCursor);
      if (page.nextCursor === undefined) await collectOrdersToCompare(transaction, report);
    });
    return true;
  }
  const orders = await findOrdersToCompare(db, id, ORDERS_AT_ONCE);
  if (orders.length === 0) {
    await endPaymentReport(db, id, null);
    return false;
  }
  const settled = orders.filter(({ isInFlight }) => !isInFlight);
  await writeCompared(db, id, {
    orderIds: orders.map(({ orderId }) => orderId),
    inFlight: orders.length - settled.length,
    differences: settled.flatMap(({ orderId, listed, books }) =>
      comparePayments({ orderId: orderId || null, listed, books, from: report.from, to: report.to }),
    ),
  });
  return true;
}
