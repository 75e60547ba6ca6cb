import { formatMoney, parseMoney } from '../../src/domain/money.ts';
import { CURRENCY } from './order-request.ts';
import { type Invoice, type InvoiceLine, isSkipped } from './read-invoices.ts';

/** What the file says of a product; `demandUnits` is what its orders ask for in all. */
export interface CatalogueEntry {
  readonly sku: string;
  readonly name: string;
  readonly price: string;
  readonly demandUnits: number;
}

/** Stock of a product as the inventory has it; `stockUnits` includes `reservedUnits`. */
export interface StockLevel {
  readonly currency: string;
  readonly stockUnits: number;
  readonly reservedUnits: number;
}

/** What a product is filled up to: years of any shop's sales, so that no order of a file is ever out of stock. */
export const AMPLE_UNITS = 1_000_000;

/** No order may ask for more of a line, so a line beyond it will be refused and needs no stock. */
const MAX_LINE_UNITS = 10_000;

/** As much as the inventory takes. */
const MAX_NAME_CHARACTERS = 500;

/** Every SKU of the file with its most common description, its most common positive price, and its demand. */
export function buildCatalogue(invoices: readonly Invoice[]): CatalogueEntry[] {
  const linesBySku = new Map<string, { line: InvoiceLine; ordered: boolean }[]>();
  for (const invoice of invoices) {
    const ordered = !isSkipped(invoice);
    for (const line of invoice.lines) {
      // An empty code can't name a product; the API refuses its order.
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
 * The stock to set for a product, or undefined when what is there is enough: then it must not be touched, for it has been counted.
 * What is set is never below what is reserved.
 */
export function chooseStock(entry: CatalogueEntry, present: StockLevel | undefined): number | undefined {
  const reservedUnits = present?.reservedUnits ?? 0;
  const availableUnits = (present?.stockUnits ?? 0) - reservedUnits;
  if (present?.currency === CURRENCY && availableUnits >= entry.demandUnits) return undefined;
  return Math.max(present?.stockUnits ?? 0, reservedUnits + Math.max(AMPLE_UNITS, entry.demandUnits));
}

/** The value that occurs most often, the earliest of equals, undefined of none. */
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
