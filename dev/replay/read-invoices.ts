import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import { ReplayError } from './replay-error.ts';

/** A row of the file, its cells without surrounding blanks. */
export interface InvoiceLine {
  readonly sku: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
}

/** All rows of one invoice number, in the file's order; `customerId` and `country` come from the first row that has them. */
export interface Invoice {
  readonly number: string;
  readonly date: string;
  readonly customerId: string;
  readonly country: string;
  readonly lines: readonly InvoiceLine[];
}

/** The customer of invoices without one. */
export const GUEST = 'guest';

const columns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;

type Row = Readonly<Record<(typeof columns)[number], string>>;

/** Reads the file's invoices in order of first appearance; throws {@link ReplayError} when the file can't be read or has another format. */
export async function readInvoices(file: string): Promise<Invoice[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new ReplayError(`${file} can't be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown reason'}`, {
      cause,
    });
  }
  try {
    return parseInvoices(decode(bytes));
  } catch (cause) {
    if (!(cause instanceof ReplayError) && !(cause instanceof CsvError)) throw cause;
    throw new ReplayError(`${file} is not a valid file of invoices: ${cause.message}`, { cause });
  }
}

/** Groups the rows by invoice number over the whole file, since an invoice's rows need not follow each other. */
export function parseInvoices(text: string): Invoice[] {
  const invoices = new Map<string, { -readonly [K in keyof Invoice]: Invoice[K] } & { lines: InvoiceLine[] }>();
  for (const [index, row] of parseRows(text).entries()) {
    if (row.InvoiceNo === '') throw new ReplayError(`row ${index + 1} has no InvoiceNo`);
    const customerId = readCustomerId(row.CustomerID);
    let invoice = invoices.get(row.InvoiceNo);
    if (invoice === undefined) {
      invoice = { number: row.InvoiceNo, date: row.InvoiceDate, customerId, country: row.Country, lines: [] };
      invoices.set(row.InvoiceNo, invoice);
    }
    if (invoice.customerId === GUEST) invoice.customerId = customerId;
    if (invoice.country === '') invoice.country = row.Country;
    invoice.lines.push({
      sku: row.StockCode,
      description: row.Description,
      quantity: row.Quantity,
      unitPrice: row.UnitPrice,
    });
  }
  if (invoices.size === 0) throw new ReplayError('it has no rows');
  return [...invoices.values()];
}

/** Returns whether the invoice is a cancellation or an adjustment and not an order. */
export function isSkipped(invoice: Invoice): boolean {
  return /^[CA]/.test(invoice.number);
}

function parseRows(text: string): Row[] {
  return parse<Row>(text, {
    columns: (header: string[]) => {
      const names = header.map((name) => name.trim());
      const missing = columns.filter((column) => !names.includes(column));
      if (missing.length > 0) throw new ReplayError(`column ${missing.join(', ')} is missing`);
      return names;
    },
    bom: true,
    skip_empty_lines: true,
    // A quote inside an unquoted cell is an inch mark.
    relax_quotes: true,
    cast: (value) => value.trim(),
  });
}

/** Spreadsheets write a whole number in a column with gaps as `17850.0`. */
function readCustomerId(cell: string): string {
  const id = cell.replace(/\.0*$/, '');
  return id === '' ? GUEST : id;
}

/** These files are UTF-8, or Windows-1252 when they come from a spreadsheet. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
