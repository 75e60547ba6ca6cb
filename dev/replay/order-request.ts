import { countryCode } from '../../src/imports/country-code.ts';
import type { Invoice } from './read-invoices.ts';

/** The currency of the files. */
export const CURRENCY = 'GBP';

/** The country of orders whose country is unknown. */
const HOME_COUNTRY = 'GB';

/** The value of `source` in the metadata of replayed orders. */
export const REPLAY_SOURCE = 'replay';

/**
 * Builds the body of `POST /orders` from an invoice. Lines are taken as they are: the API refuses what breaks the rules.
 * The body depends only on the invoice, not even on the file's name, so that a second run sends the same request.
 */
export function buildOrderRequest(invoice: Invoice) {
  return {
    customer_id: invoice.customerId,
    currency: CURRENCY,
    items: invoice.lines.map((line) => ({
      sku: line.sku,
      quantity: parseQuantity(line.quantity),
      unit_price: line.unitPrice,
    })),
    payment_method: 'tok_ok',
    shipping_address: {
      name: `Customer ${invoice.customerId}`,
      line1: `Invoice ${invoice.number}`,
      city: 'Not stated',
      postal_code: '00000',
      country: countryCode(invoice.country) ?? HOME_COUNTRY,
    },
    metadata: { source: REPLAY_SOURCE, invoice: invoice.number, invoice_date: invoice.date },
  };
}

/** Parses a number of any sign and size; other text is kept, and the API refuses it. */
function parseQuantity(cell: string): number | string {
  return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(cell) ? Number(cell) : cell;
}
