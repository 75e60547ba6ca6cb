import type { Preset } from '../../../domain/preset.ts';

/** The Superstore sets of Tableau and Kaggle: one row a line, whose sales are after its discount; all of it was paid and sent. */
export const superstore: Preset = {
  name: 'superstore',
  title: 'Tableau and Kaggle, Superstore',
  recognise: [{ headers: ['Order ID', 'Order Date', 'Ship Date', 'Ship Mode', 'Product ID', 'Sales', 'Quantity'] }],
  columns: {
    order_reference: 'Order ID',
    currency: 'Currency',
    customer_id: 'Customer ID',
    customer_name: 'Customer Name',
    name: 'Customer Name',
    city: 'City',
    region: ['State', 'State/Province'],
    postal_code: 'Postal Code',
    country: ['Country', 'Country/Region'],
    shipping_method: 'Ship Mode',
    placed_at: 'Order Date',
    shipped_at: 'Ship Date',
    sku: 'Product ID',
    product_name: 'Product Name',
    quantity: 'Quantity',
    line_total: 'Sales',
  },
  defaults: { state: 'SHIPPED', payment_state: 'PAID' },
  dates: { order: 'MDY' },
};
