import type { FileOrder, FilePaymentState } from '../../domain/file-order.ts';
import { formatMoney } from '../../domain/money.ts';
import type { FileRow } from './file-row.ts';
import type { OrderCells } from './order-cells.ts';
import type { CellReader } from './read-cells.ts';
import { meaningOf } from './read-word.ts';

/** What is known of an order when its payment is read; amounts in minor units. */
interface Sold {
  readonly currency: string;
  readonly totalMinor: number;
  readonly isCancelled: boolean;
  /** What rows and lines tell of refunds, beside what holds for the whole order. */
  readonly refundedByLinesMinor: number;
}

/** How the payment of an order stands. Notes a fault where nothing says whether it is paid, or how much of it was refunded. */
export function readPayment(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  { currency, totalMinor, isCancelled, refundedByLinesMinor }: Sold,
): FileOrder['payment'] {
  const paidAt = order.moment('paid_at');
  const stated = Math.abs(order.amount('refunded', currency) ?? 0);
  const refunded = stated || refundedByLinesMinor || refundedByTotal(cells, order, rows, { currency, totalMinor });
  const word = meaningOf(cells, 'payment_state', order.text('payment_state') ?? '', rows[0]);
  const said = word ?? stateWithoutWord(cells, paidAt, isCancelled);
  const state = said === 'PAID' && !isCancelled ? stateByDue(cells, order, rows, { currency, totalMinor }) : said;
  const isUnknown = word === null && (order.text('payment_state') ?? '') !== '';
  if (state === null && !isUnknown) {
    cells.fault(
      'nothing in the file says whether the order is paid: say it with "defaults" in a preset file',
      rows[0],
      'payment_state',
    );
  }
  if (refunded > totalMinor) {
    cells.fault(
      `${formatMoney(refunded, currency)} ${currency} was refunded of a total of ${formatMoney(totalMinor, currency)} ${currency}`,
      rows[0],
      'refunded',
    );
  }
  if (state === 'PARTIALLY_REFUNDED' && refunded === 0) {
    cells.fault(
      'a part of it was refunded, and nothing says how much: name its column with column.refunded=…',
      rows[0],
      'refunded',
    );
  }
  return {
    ...settleRefund(state ?? 'UNPAID', refunded, totalMinor),
    method: order.text('payment_method'),
    reference: order.text('payment_reference'),
    paidAt,
  };
}

/** Whether an order whose word says that it is paid is so by what is still due of it, where the file states that. */
function stateByDue(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  { currency, totalMinor }: Pick<Sold, 'currency' | 'totalMinor'>,
): FilePaymentState {
  const due = order.amount('due', currency) ?? 0;
  if (due <= 0) return 'PAID';
  if (due >= totalMinor) return 'UNPAID';
  cells.fault(
    `${formatMoney(due, currency)} of ${formatMoney(totalMinor, currency)} ${currency} are still due: correct it to 0 or to the total, or leave the column out with column.due=-`,
    rows[0],
    'due',
  );
  return 'PAID';
}

/** What is missing of the total where the file states what is left of it. Systems write 0 for orders of which nothing was refunded. */
function refundedByTotal(
  cells: CellReader,
  order: OrderCells,
  rows: readonly FileRow[],
  { currency, totalMinor }: Pick<Sold, 'currency' | 'totalMinor'>,
): number {
  const left = order.amount('total_after_refunds', currency) ?? 0;
  if (left < 0 || left > totalMinor) {
    cells.fault(
      `${formatMoney(left, currency)} ${currency} can't be left of a total of ${formatMoney(totalMinor, currency)} ${currency}`,
      rows[0],
      'total_after_refunds',
    );
    return 0;
  }
  return left === 0 ? 0 : totalMinor - left;
}

function stateWithoutWord(cells: CellReader, paidAt: Date | null, isCancelled: boolean): FilePaymentState | null {
  if (paidAt !== null) return 'PAID';
  if (isCancelled) return 'UNPAID';
  return cells.rows.reading.preset.defaults?.payment_state ?? null;
}

function settleRefund(state: FilePaymentState, refundedMinor: number, totalMinor: number) {
  if (state === 'REFUNDED' && refundedMinor === 0) return { state, refundedMinor: totalMinor };
  if (state === 'UNPAID' || state === 'AUTHORIZED' || refundedMinor === 0) return { state, refundedMinor: 0 };
  return {
    state: refundedMinor >= totalMinor ? ('REFUNDED' as const) : ('PARTIALLY_REFUNDED' as const),
    refundedMinor,
  };
}
