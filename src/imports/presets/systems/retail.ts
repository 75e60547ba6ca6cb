import type { Preset } from '../../../domain/preset.ts';

/**
 * The Online Retail sets of UCI and Kaggle. An invoice whose number begins with C is a cancellation; its quantities are negative. In any other one
 * negative quantities are goods that came back.
 */
export const retail: Preset = {
  name: 'retail',
  title: 'UCI and Kaggle, Online Retail',
  recognise: [
    { headers: ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'Country'] },
    { headers: ['Invoice', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'Price', 'Country'] },
  ],
  columns: {
    order_reference: ['InvoiceNo', 'Invoice'],
    customer_id: 'Customer ID',
    country: 'Country',
    placed_at: 'InvoiceDate',
    sku: 'StockCode',
    product_name: 'Description',
    quantity: 'Quantity',
    unit_price: ['UnitPrice', 'Price'],
  },
  rows: {
    cancelled: [
      { column: 'InvoiceNo', starts_with: ['C'] },
      { column: 'Invoice', starts_with: ['C'] },
    ],
    refunds: [{ column: 'Quantity', starts_with: ['-'] }],
  },
  defaults: { state: 'DELIVERED', payment_state: 'PAID' },
  dates: { order: 'MDY' },
};
