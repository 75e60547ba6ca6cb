import { formatMoney, parseMoney } from '../../src/domain/money.ts';
import { CURRENCY } from './order-request.ts';
import { type Invoice, type InvoiceLine, isSkipped } from './read-invoices.ts';

/** A product of the file; `demandUnits` is the total quantity of its orders. */
export interface CatalogueEntry {
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  readonly demandUnits: number;
}

/** A product's stock in the inventory; `stockUnits` includes `reservedUnits`. */
export interface StockLevel {
  readonly currency: string;
  readonly stockUnits: number;
  readonly reservedUnits: number;
}

/** Enough for years of any shop's sales, so that no order of a file is out of stock. */
export const AMPLE_UNITS = 1_000_000;

/** The largest quantity of a line; larger lines are refused and need no stock. */
const MAX_LINE_UNITS = 10_000;

/** The largest stock that the inventory accepts. */
const MAX_NAME_CHARACTERS = 500;

/** Returns every SKU of the file with its most common description, its most common positive price and its demand. */
export function buildCatalogue(invoices: readonly Invoice[]): CatalogueEntry[] {
  const linesBySku = new Map<string, { line: InvoiceLine; ordered: boolean }[]>();
  for (const invoice of invoices) {
    const ordered = !isSkipped(invoice);
    for (const line of invoice.lines) {
      // An empty code is no product; the API refuses its order.
      if (line.sku === '') continue;
      const lines = linesBySku.get(line.sku);
      if (lines === undefined) linesBySku.set(line.sku, [{ line, ordered }]);
      else lines.push({ line, ordered });
    }
  }
  return [...linesBySku].map(([sku, lines]) => ({
    sku,
    name: (findMostCommon(lines.map(({ line }) => line.description).filter((name) => name !== '')) ?? sku).slice(
      0,
      MAX_NAME_CHARACTERS,
    ),
    price: formatMoney(findMostCommon(lines.flatMap(({ line }) => parsePositivePrice(line.unitPrice))) ?? 0, CURRENCY),
    demandUnits: lines.reduce((sum, { line, ordered }) => sum + (ordered ? demandUnits(line.quantity) : 0), 0),
  }));
}

/**
 * Returns the stock to set for a product, or undefined when it has enough: then it must stay as it is, because sales of an earlier run
 * are compared with it. The stock to set is never below what is reserved.
 */
export function chooseStock(entry: CatalogueEntry, present: StockLevel | undefined): number | undefined {
  const reservedUnits = present?.reservedUnits ?? 0;
  const availableUnits = (present?.stockUnits ?? 0) - reservedUnits;
  if (present?.currency === CURRENCY && availableUnits >= entry.demandUnits) return undefined;
  return Math.max(present?.stockUnits ?? 0, reservedUnits + Math.max(AMPLE_UNITS, entry.demandUnits));
}

/** Returns the most frequent value, the first of several; undefined when there are none. */
export function findMostCommon<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | undefined;
  for (const [value, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = value;
  return best;
}

function parsePositivePrice(cell: string): number[] {
  try {
    const minor = parseMoney(cell, CURRENCY);
    return minor > 0 ? [minor] : [];
  } catch {
    return [];
  }
}

function demandUnits(cell: string): number {
  const units = /^\d{1,5}$/.test(cell) ? Number(cell) : 0;
  return units <= MAX_LINE_UNITS ? units : 0;
}
