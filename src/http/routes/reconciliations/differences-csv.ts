import { stringify } from 'csv-stringify/sync';
import { remedies } from '../../../domain/payment-report.ts';
import { escapeFormula } from '../../../imports/escape-formula.ts';
import { findDifferences } from '../../../repositories/payment-reports.ts';
import type { Db } from '../../../repositories/schema.ts';

/** Differences read at once. */
const AT_ONCE = 1_000;

const header = ['kind', 'order_id', 'order_number', 'payment_id', 'idempotency_key', 'ours', 'theirs', 'what_to_do'];

/** Writes every difference of a report, page by page. What the payment service says can't run as a formula of a spreadsheet. */
export async function* writeDifferencesCsv(db: Db, reportId: string): AsyncGenerator<string> {
  yield stringify([header]);
  for (let after = 0; ;) {
    // The next page begins behind this one.
    // oxlint-disable-next-line no-await-in-loop
    const page = await findDifferences(db, reportId, { after, limit: AT_ONCE });
    if (page.length === 0) return;
    yield stringify(
      page.map(({ kind, orderId, orderNumber, paymentId, idempotencyKey, ours, theirs }) => [
        kind,
        ...[orderId, orderNumber, paymentId, idempotencyKey, ours, theirs].map((text) => escapeFormula(text ?? '')),
        remedies[kind],
      ]),
    );
    after = page.at(-1)?.position ?? after;
  }
}
