import { countryCode } from '../../src/imports/country-code.ts';
import type { Invoice } from './read-invoices.ts';

/** What the shop's files are in. */
export const CURRENCY = 'GBP';

/** Where the shop is; used for a country that the file doesn't tell. */
const HOME_COUNTRY = 'GB';

/** Marks an order as placed by a replay, in its metadata. */
export const REPLAY_SOURCE = 'replay';

/**
 * The invoice as the body of `POST /orders`: every line as it stands, so that it is the API that refuses what breaks the rules.
 * It depends on nothing but the invoice, not even on the file's name, so that a repeat is the same request.
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

/** A number as a number, whatever its sign and size; anything else stays text for the API to refuse. */
function parseQuantity(cell: string): number | string {
  return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(cell) ? Number(cell) : cell;
}
