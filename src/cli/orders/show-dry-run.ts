import type { Cli } from './connect.ts';
import { stripControls } from './output.ts';
import { formatFields, formatTable, type Column } from './table.ts';
import type { DryRun } from './upload-file.ts';

/** Shows what a dry run has found: how the file was read, what it holds, and what is wrong with it. */
export function showDryRun({ json, print, printJson }: Cli, found: DryRun): void {
  if (json) return printJson(found);
  const { conventions, unused_columns: unused } = found;
  print(
    formatFields([
      ['file of', stripControls(found.recognised)],
      ['mode', found.mode],
      ['rows', String(found.rows)],
      ['orders', String(found.orders)],
      ['refused', found.refused > 0 ? String(found.refused) : null],
      ['differ', found.differing > 0 ? String(found.differing) : null],
      ['unknown', tellMissing(found)],
      ['on record', found.known > 0 ? String(found.known) : null],
      ['decimal sign', conventions?.decimal],
      ['dates', conventions?.dates],
      ['time zone', conventions?.time_zone],
    ]),
  );
  const columns = Object.entries(found.columns).map(([field, headers]) => ({ field, headers: headers.join(' + ') }));
  show(print, columnColumns, columns);
  const assumed = Object.entries(found.assumed).map(([field, value]) => `${field} ${value}`);
  if (assumed.length > 0) print(`\nwhere the file says nothing: ${stripControls(assumed.join(', '))}`);
  if (unused.length > 0) print(`\nnot used: ${stripControls(unused.join(', '))}`);
  show(print, stateColumns, found.states);
  show(print, sumColumns, found.sums);
  show(print, problemColumns, found.problems);
  show(print, faultColumns, found.faults);
  show(print, differenceColumns, found.differences);
}

/** How many customers and products their services don't know. */
function tellMissing({ missing_customers: customers, missing_products: products }: DryRun): string | null {
  const counts = [
    customers.length > 0 ? `customers: ${customers.length}` : '',
    products.length > 0 ? `products: ${products.length}` : '',
  ].filter((count) => count !== '');
  return counts.length === 0 ? null : counts.join(', ');
}

function show<Row>(print: Cli['print'], columns: readonly Column<Row>[], rows: readonly Row[]): void {
  if (rows.length > 0) print(`\n${formatTable(columns, rows)}`);
}

const columnColumns: readonly Column<{ readonly field: string; readonly headers: string }>[] = [
  { title: 'FIELD', of: ({ field }) => field },
  { title: 'COLUMN', of: ({ headers }) => headers },
];

const stateColumns: readonly Column<DryRun['states'][number]>[] = [
  { title: 'STATE', of: ({ state }) => state },
  { title: 'PAYMENT', of: ({ payment_state: state }) => state },
  { title: 'ORDERS', of: ({ orders }) => String(orders), align: 'right' },
];

const sumColumns: readonly Column<DryRun['sums'][number]>[] = [
  { title: 'CURRENCY', of: ({ currency }) => currency },
  { title: 'ORDERS', of: ({ orders }) => String(orders), align: 'right' },
  { title: 'UNPRICED', of: ({ unpriced }) => String(unpriced), align: 'right' },
  { title: 'GOODS', of: ({ goods }) => goods, align: 'right' },
  { title: 'DISCOUNT', of: ({ discount }) => discount ?? '–', align: 'right' },
  { title: 'TAX', of: ({ tax }) => tax ?? '–', align: 'right' },
  { title: 'SHIPPING', of: ({ shipping }) => shipping ?? '–', align: 'right' },
  { title: 'FEES', of: ({ fees }) => fees ?? '–', align: 'right' },
  { title: 'TOTAL', of: ({ total }) => total ?? '–', align: 'right' },
  { title: 'REFUNDED', of: ({ refunded }) => refunded ?? '–', align: 'right' },
];

const problemColumns: readonly Column<DryRun['problems'][number]>[] = [
  { title: 'ORDERS', of: ({ orders }) => String(orders), align: 'right' },
  { title: 'PROBLEM', of: ({ message }) => message },
];

const faultColumns: readonly Column<DryRun['faults'][number]>[] = [
  { title: 'ROW', of: ({ line }) => (line === null ? '–' : String(line)), align: 'right' },
  { title: 'ORDER', of: ({ order_reference: reference }) => reference },
  { title: 'COLUMN', of: ({ column }) => column ?? '' },
  { title: 'FAULT', of: ({ message }) => message },
];

const differenceColumns: readonly Column<DryRun['differences'][number]>[] = [
  { title: 'ORDER', of: ({ order_reference: reference }) => reference },
  { title: 'WOULD BE PLACED WITH', of: ({ message }) => message },
];
