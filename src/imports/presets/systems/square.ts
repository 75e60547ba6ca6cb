import type { Preset } from '../../../domain/preset.ts';

/** The items detail of Square: sales over the counter, one row a line; refunds are rows of their own. */
export const square: Preset = {
  name: 'square',
  title: 'Square, item sales',
  recognise: [
    { headers: ['Date', 'Time', 'Item', 'Qty', 'Gross Sales', 'Discounts', 'Net Sales', 'Tax', 'Transaction ID'] },
  ],
  columns: {
    order_reference: 'Transaction ID',
    currency: 'Currency',
    customer_id: ['Customer Reference ID', 'Customer ID'],
    customer_name: 'Customer Name',
    notes: 'Notes',
    payment_reference: 'Payment ID',
    placed_at: { joined: ['Date', 'Time', 'Time Zone'] },
    paid_at: { joined: ['Date', 'Time', 'Time Zone'] },
    sku: ['SKU', 'GTIN', 'Item'],
    variant_id: 'Price Point Name',
    product_name: 'Item',
    quantity: 'Qty',
    // What was paid for the goods, without tax. Gross sales hold the tax in some countries, and in newer reports.
    line_total: 'Net Sales',
    line_discount: 'Discounts',
    line_tax: 'Tax',
  },
  rows: { refunds: [{ column: 'Event Type', is: ['Refund'] }] },
  defaults: { state: 'DELIVERED', payment_state: 'PAID' },
  amounts: { tax: 'on-top', line_total: 'after-discount' },
};
