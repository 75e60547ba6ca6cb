import { alignColumns } from '../../src/cli/text-table.ts';
import { formatMoney } from '../../src/domain/money.ts';
import { CURRENCY } from './order-request.ts';
import type { Reconciliation } from './reconcile.ts';

/** Further breaches are only counted: the first ones show what is wrong. */
const MAX_BREACHES_SHOWN = 20;

/** Formats the line of `--json`: money as decimal strings; `seconds` and the rate are those of placing the orders. */
export function formatJsonLine(result: Reconciliation, seconds: number): string {
  return JSON.stringify({
    invoices: result.invoices,
    skipped: result.skipped,
    confirmed: result.confirmed,
    rejected: result.rejected,
    confirmed_total: formatMoney(result.confirmedMinor, CURRENCY),
    captured_total: formatMoney(result.capturedMinor, CURRENCY),
    units_sold: result.unitsSold,
    stock_drift: result.stockDrift,
    seconds: round(seconds),
    orders_per_second: computeRate(result, seconds),
  });
}

/** Formats the report for people, with orders by status and all differences. */
export function formatTable(result: Reconciliation, seconds: number): string {
  const rejectedCount = Object.values(result.rejected).reduce((sum, n) => sum + n, 0);
  const rows: [string, string | number][] = [
    ['Invoices in the file', result.invoices],
    ['  skipped (C…, A…)', result.skipped],
    ['  confirmed', result.confirmed],
    ['  rejected', rejectedCount],
    ...Object.entries(result.rejected).map(([code, n]): [string, number] => [`    ${code}`, n]),
    ['Orders by status', Object.values(result.byStatus).reduce((sum, n) => sum + n, 0)],
    ...Object.entries(result.byStatus).map(([status, n]): [string, number] => [`  ${status}`, n]),
    ['Total of confirmed orders', formatAmount(result.confirmedMinor)],
    ['Captured minus refunded', formatAmount(result.capturedMinor)],
    ['Units sold', result.unitsSold],
    ['Stock drift (units)', result.stockDrift],
    ['Placed in', `${round(seconds)} s, ${computeRate(result, seconds)} orders/s`],
  ];
  const lines = alignColumns(
    rows.map(([label, value]) => [label, String(value)]),
    ['left', 'right'],
  );
  return ['', ...lines, '', ...describeVerdict(result.breaches)].join('\n');
}

function describeVerdict(breaches: readonly string[]): string[] {
  if (breaches.length === 0) return ['Everything balances.'];
  const more = breaches.length - MAX_BREACHES_SHOWN;
  return [
    `DOES NOT BALANCE, ${breaches.length} differences:`,
    ...breaches.slice(0, MAX_BREACHES_SHOWN).map((breach) => `  ${breach}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}

function formatAmount(minor: number): string {
  return `${formatMoney(minor, CURRENCY)} ${CURRENCY}`;
}

function computeRate(result: Reconciliation, seconds: number): number {
  return seconds > 0 ? round((result.invoices - result.skipped) / seconds) : 0;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
