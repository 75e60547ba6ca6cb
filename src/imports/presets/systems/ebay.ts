import type { Preset } from '../../../domain/preset.ts';

/**
 * The orders report of Seller Hub: an order of several lines has a row with its address and its totals, then a row a line. Its headers are written
 * as each country speaks: what America ships, Britain posts and dispatches.
 */
export const ebay: Preset = {
  name: 'ebay',
  title: 'eBay, orders report',
  recognise: [
    { headers: ['Sales Record Number', 'Order Number', 'Buyer Username', 'Item Title', 'Custom Label', 'Sold For'] },
  ],
  columns: {
    // An order has no order number before its checkout.
    order_reference: ['Order Number', 'Sales Record Number'],
    customer_id: 'Buyer Username',
    customer_name: ['Buyer Name', 'Ship To Name', 'Post To Name'],
    customer_email: 'Buyer Email',
    name: ['Ship To Name', 'Post To Name'],
    line1: ['Ship To Address 1', 'Post To Address 1'],
    line2: ['Ship To Address 2', 'Post To Address 2'],
    city: ['Ship To City', 'Post To City', 'Post To Suburb'],
    region: ['Ship To State', 'Post To County', 'Post To State'],
    postal_code: ['Ship To Zip', 'Post To Postcode', 'Post To Postal Code'],
    country: ['Ship To Country', 'Post To Country'],
    recipient_phone: ['Ship To Phone', 'Post To Phone'],
    billing_name: 'Buyer Name',
    billing_line1: 'Buyer Address 1',
    billing_line2: 'Buyer Address 2',
    billing_city: 'Buyer City',
    billing_region: ['Buyer State', 'Buyer County'],
    billing_postal_code: ['Buyer Zip', 'Buyer Postcode', 'Buyer Postal Code'],
    billing_country: 'Buyer Country',
    shipping_method: ['Shipping Service', 'Delivery Service', 'Postage Service'],
    notes: 'Buyer Note',
    payment_method: 'Payment Method',
    payment_reference: 'PayPal Transaction ID',
    tracking_number: 'Tracking Number',
    placed_at: 'Sale Date',
    paid_at: 'Paid On Date',
    shipped_at: ['Shipped On Date', 'Dispatched On Date', 'Posted On Date'],
    tax: { sum: ['Seller Collected Tax', 'eBay Collected Tax'] },
    tax_basis: 'eBay Collected Tax and Fees Included in Total',
    shipping: ['Shipping And Handling', 'Postage And Packaging', 'Postage And Handling'],
    fees: {
      sum: [
        'eBay Collected Charges',
        'Electronic Waste Recycling Fee',
        'Mattress Recycling Fee',
        'Battery Recycling Fee',
        'White Goods Disposal Tax',
        'Tire Recycling Fee',
        'Additional Fee',
        'Lumber Fee',
        'Prepaid Wireless Fee',
        'Road Improvement And Food Delivery Fee',
      ],
    },
    total: 'Total Price',
    sku: ['Custom Label', 'Item Number'],
    variant_id: 'Variation Details',
    product_name: 'Item Title',
    quantity: 'Quantity',
    unit_price: 'Sold For',
  },
  rows: {
    skip: [{ contains: ['record(s) downloaded'] }, { starts_with: ['Seller ID:', 'Seller ID :'] }],
  },
  // What eBay collects itself is a part of the total in some countries only.
  words: { tax_basis: { yes: 'ON_TOP', no: 'NOT_IN_TOTAL' } },
  defaults: { payment_state: 'UNPAID' },
  amounts: { unit_price: 'auto', tax: 'on-top', signs: { $: 'USD', '£': 'GBP' } },
};
