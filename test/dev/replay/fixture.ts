import { fileURLToPath } from 'node:url';
import { type Invoice, readInvoices } from '../../../dev/replay/read-invoices.ts';

/** Invoices with every oddity of real ones: rows apart, no customer, cancellations, 51 lines, prices and quantities out of bounds. */
export const fixtureFile = fileURLToPath(new URL('fixtures/invoices.csv', import.meta.url));

/** The invoices of {@link fixtureFile}. */
export function readFixture(): Promise<Invoice[]> {
  return readInvoices(fixtureFile);
}

/** The invoice of that number; throws when there is none. */
export function invoiceOf(invoices: readonly Invoice[], number: string): Invoice {
  const invoice = invoices.find((one) => one.number === number);
  if (invoice === undefined) throw new Error(`no invoice ${number}`);
  return invoice;
}
