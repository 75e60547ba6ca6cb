import { stringify } from 'csv-stringify/sync';
import { errorColumns, importFieldNames } from '../domain/import-columns.ts';
import type { Import, ImportFailure, ImportLine } from '../domain/import.ts';
import {
  findFailedImportOrders,
  findLinesAfter,
  findLinesOf,
  type FailedImportOrder,
} from '../repositories/import-errors.ts';
import { isUnquoted } from '../domain/preset.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Db } from '../repositories/schema.ts';
import { flattenOrder } from './flatten-order.ts';
import { escapeFormula, unescapeFormula } from './escape-formula.ts';

/** Failed orders read at once, and lines of an order read at once: a few hundred kilobytes, however large the file. */
const ORDERS_AT_ONCE = 50;
const LINES_AT_ONCE = 500;

/** Throws NOT_FOUND when the rows of an import are past their retention. */
export function requireRows({ haveRowsExpired }: Import): void {
  if (!haveRowsExpired) return;
  throw new Refusal(
    'NOT_FOUND',
    'The rows of this import are no longer kept: it has ended longer ago than IMPORT_RETENTION.',
  );
}

/**
 * Writes the lines of every order that failed or was not placed, with the file's own columns and the reason. The file can be repaired and
 * uploaded again: it has whole orders and the original delimiter, and the error columns are ignored on upload.
 */
export async function* writeErrorsCsv(db: Db, job: Import): AsyncGenerator<string> {
  const own = job.format?.header ?? importFieldNames;
  const kept = own.flatMap((name, index) => ((errorColumns as readonly string[]).includes(name) ? [] : [index]));
  const write = rowWriter(job);
  yield write([[...kept.map((index) => safeCell(own[index])), ...errorColumns]]);
  for (let after = -1; ;) {
    const orders = await findFailedImportOrders(db, job.id, after, ORDERS_AT_ONCE);
    const last = orders.at(-1);
    if (!last) return;
    for await (const { order, lines, first } of linesOf(db, job, orders)) {
      const faults = faultsOf(order, first);
      yield write(
        lines.map(({ line, cells }, index) => [
          ...kept.map((column) => safeCell(cells[column])),
          order.failure?.code ?? 'CANCELLED',
          escapeFormula(faults(index)),
          String(line),
          order.orderId ?? '',
        ]),
      );
    }
    after = last.position;
  }
}

/** No formula for a spreadsheet. A cell of an errors file that is corrected a second time has its apostrophe already. */
function safeCell(cell = ''): string {
  return escapeFormula(unescapeFormula(cell));
}

/** A file without quotes stays one: no cell of it holds what separates cells or rows, and messages lose it. */
function rowWriter({ format }: Import): (rows: string[][]) => string {
  const delimiter = format?.delimiter ?? ',';
  if (!format?.reading || !isUnquoted(format.reading.preset, delimiter)) {
    return (rows) => stringify(rows, { delimiter });
  }
  const plain = (cell: string) => cell.replaceAll(/[\r\n]+/g, ' ').replaceAll(delimiter, ' ');
  return (rows) => rows.map((row) => `${row.map(plain).join(delimiter)}\n`).join('');
}

interface Lines {
  readonly order: FailedImportOrder;
  /** Which line of its order the first of `lines` is. */
  readonly first: number;
  readonly lines: readonly ImportLine[];
}

async function* linesOf(db: Db, job: Import, orders: readonly FailedImportOrder[]): AsyncGenerator<Lines> {
  const stored = job.kind === 'csv' ? await findLinesOf(db, job.id, orders.map(keyOf), LINES_AT_ONCE) : [];
  for (const order of orders) {
    if (job.kind === 'batch') {
      yield { order, first: 0, lines: flattenOrder(order) };
      continue;
    }
    let lines: readonly ImportLine[] = stored.filter(({ position }) => position === order.position);
    for (let first = 0; lines.length > 0; first += LINES_AT_ONCE) {
      yield { order, first, lines };
      if (lines.length < LINES_AT_ONCE || order.reference === '') break;
      const { reference } = order;
      const after = lines.at(-1)?.line ?? 0;
      lines = await findLinesAfter(db, job.id, { reference, after, limit: LINES_AT_ONCE });
    }
  }
}

function keyOf({ position, reference, firstLine }: FailedImportOrder) {
  return { position, reference, firstLine };
}

/** What is wrong with an order, by line: a fault of one line on that line, a fault of the order on all of them. */
function faultsOf({ failure }: FailedImportOrder, first: number): (index: number) => string {
  if (!failure) return () => 'It was not placed: the import was cancelled.';
  const details = failure.details.map((detail) => readDetail(detail, failure.message));
  const general = details.filter(({ item }) => item === undefined).map(({ text }) => text);
  return (index) => {
    const own = details.filter(({ item }) => item === first + index).map(({ text }) => text);
    const faults = [...general, ...own];
    if (faults.length > 0) return faults.join('; ');
    return details.length === 0 ? failure.message : 'Another line of this order has a fault.';
  };
}

/** A refusal's detail as text, and the index of the line that it is about. */
function readDetail(
  detail: ImportFailure['details'][number],
  general: string,
): { item: number | undefined; text: string } {
  const said = (name: string) => String(detail[name] ?? '');
  if ('requested' in detail) {
    return { item: undefined, text: `${said('sku')}: ${said('requested')} wanted, ${said('available')} available` };
  }
  if ('ours' in detail) {
    return { item: undefined, text: `${said('field')}: ${said('ours')} on record, ${said('file')} in the file` };
  }
  const pointer = said('pointer');
  const [, item, ofLine] = /^\/items\/(\d+)(?:\/(.*))?$/.exec(pointer) ?? [];
  const place = item === undefined ? pointer.slice(1).replaceAll('/', ' ') : (ofLine ?? '');
  const message = said('message') || `${general} (${Object.values(detail).join(' ')})`;
  const text = 'current_price' in detail ? `the current price is ${said('current_price')}` : message;
  return { item: item === undefined ? undefined : Number(item), text: place === '' ? text : `${place}: ${text}` };
}
