import type { FileOrderState, FilePaymentState } from '../../../domain/file-order.ts';
import type { Preset } from '../../../domain/preset.ts';

/** What a status means, and how shops write it, which is in their own language: English, German, French, Spanish, Italian. */
const statuses: readonly {
  readonly state: FileOrderState;
  readonly payment: FilePaymentState;
  readonly words: string[];
}[] = [
  {
    state: 'OPEN',
    payment: 'UNPAID',
    words: [
      'pending payment',
      'pending',
      'zahlung ausstehend',
      'ausstehende zahlung',
      'attente paiement',
      'en attente de paiement',
      'pendiente de pago',
      'in attesa di pagamento',
    ],
  },
  {
    state: 'OPEN',
    payment: 'PAID',
    words: ['processing', 'in bearbeitung', 'en cours', 'procesando', 'in lavorazione'],
  },
  { state: 'OPEN', payment: 'UNPAID', words: ['on hold', 'in wartestellung', 'en attente', 'en espera', 'in sospeso'] },
  {
    state: 'DELIVERED',
    payment: 'PAID',
    words: ['completed', 'abgeschlossen', 'fertiggestellt', 'terminée', 'completado', 'completato'],
  },
  {
    state: 'CANCELLED',
    payment: 'UNPAID',
    words: [
      'cancelled',
      'canceled',
      'storniert',
      'annulée',
      'cancelado',
      'annullato',
      'failed',
      'fehlgeschlagen',
      'échouée',
      'échec',
      'fallido',
      'fallito',
      // Checkouts that were not completed, and deleted orders.
      'checkout draft',
      'draft',
      'auto draft',
      'trash',
    ],
  },
  {
    state: 'RETURNED',
    payment: 'REFUNDED',
    words: ['refunded', 'rückerstattet', 'erstattet', 'remboursée', 'reembolsado', 'rimborsato'],
  },
];

const words = {
  state: Object.fromEntries(statuses.flatMap(({ words: all, state }) => all.map((word) => [word, state]))),
  payment_state: Object.fromEntries(statuses.flatMap(({ words: all, payment }) => all.map((word) => [word, payment]))),
};

/** Advanced Order Export: one row a line, on each of which everything of the order is repeated. */
export const woocommerce: Preset = {
  name: 'woocommerce',
  title: 'WooCommerce, Advanced Order Export',
  recognise: [
    { headers: ['Order Number', 'Order Status', 'Order Date', 'First Name (Billing)', 'Quantity', 'Item Cost'] },
  ],
  columns: {
    order_reference: 'Order Number',
    currency: ['Order Currency', 'Currency'],
    customer_id: ['Customer User ID', 'User ID'],
    customer_name: { joined: ['First Name (Billing)', 'Last Name (Billing)'] },
    customer_email: 'Email (Billing)',
    customer_phone: 'Phone (Billing)',
    name: { joined: ['First Name (Shipping)', 'Last Name (Shipping)'] },
    company: 'Company (Shipping)',
    line1: ['Address 1&2 (Shipping)', 'Address 1 (Shipping)'],
    line2: 'Address 2 (Shipping)',
    city: 'City (Shipping)',
    region: ['State Code (Shipping)', 'State Name (Shipping)'],
    postal_code: 'Postcode (Shipping)',
    country: ['Country Code (Shipping)', 'Country Name (Shipping)'],
    recipient_phone: 'Phone (Shipping)',
    billing_name: { joined: ['First Name (Billing)', 'Last Name (Billing)'] },
    billing_company: 'Company (Billing)',
    billing_line1: ['Address 1&2 (Billing)', 'Address 1 (Billing)'],
    billing_line2: 'Address 2 (Billing)',
    billing_city: 'City (Billing)',
    billing_region: ['State Code (Billing)', 'State Name (Billing)'],
    billing_postal_code: 'Postcode (Billing)',
    billing_country: ['Country Code (Billing)', 'Country Name (Billing)'],
    billing_phone: 'Phone (Billing)',
    billing_email: 'Email (Billing)',
    shipping_method: ['Shipping Method Title', 'Shipping Method'],
    coupon_code: ['Coupons Used', 'Coupon Code'],
    notes: 'Customer Note',
    payment_method: 'Payment Method Title',
    payment_reference: 'Transaction ID',
    placed_at: 'Order Date',
    paid_at: 'Paid Date',
    shipped_at: 'Completed Date',
    state: 'Order Status',
    payment_state: 'Order Status',
    discount: 'Cart Discount Amount',
    tax: ['Order Total Tax Amount', 'Order Tax Amount'],
    shipping: 'Order Shipping Amount',
    fees: ['Order Total Fee', 'Fee Amount'],
    total: 'Order Total Amount',
    refunded: 'Order Refund Amount',
    sku: 'SKU',
    product_name: ['Name', 'Item Name', 'Product Name', 'Product Name (main)'],
    quantity: 'Quantity',
    unit_price: 'Item Cost',
  },
  words,
};

/** The exports of WebToffee and SkyVerge: one row an order, its lines packed in `line_item_1`, `line_item_2` and so on. */
export const woocommerceWebtoffee: Preset = {
  name: 'woocommerce-webtoffee',
  title: 'WooCommerce, WebToffee and SkyVerge',
  recognise: [
    { headers: ['order_number', 'order_date', 'status', 'order_total', 'order_currency', 'line_item_1'] },
    { headers: ['order_number', 'order_date', 'status', 'order_total', 'order_currency', 'line_items'] },
    { headers: ['order_number', 'date', 'status', 'order_total', 'order_currency', 'line_items'] },
  ],
  columns: {
    order_reference: ['order_number_formatted', 'order_number', 'order_id'],
    currency: 'order_currency',
    customer_id: ['customer_id', 'customer_user'],
    customer_name: { joined: ['billing_first_name', 'billing_last_name'] },
    customer_email: ['billing_email', 'customer_email'],
    customer_phone: 'billing_phone',
    name: { joined: ['shipping_first_name', 'shipping_last_name'] },
    company: 'shipping_company',
    line1: 'shipping_address_1',
    line2: 'shipping_address_2',
    city: 'shipping_city',
    region: 'shipping_state',
    postal_code: 'shipping_postcode',
    country: 'shipping_country',
    recipient_phone: 'shipping_phone',
    billing_name: { joined: ['billing_first_name', 'billing_last_name'] },
    billing_company: 'billing_company',
    billing_line1: 'billing_address_1',
    billing_line2: 'billing_address_2',
    billing_city: 'billing_city',
    billing_region: 'billing_state',
    billing_postal_code: 'billing_postcode',
    billing_country: 'billing_country',
    billing_phone: 'billing_phone',
    billing_email: 'billing_email',
    shipping_method: 'shipping_method',
    notes: 'customer_note',
    payment_method: ['payment_method_title', 'payment_method'],
    payment_reference: 'transaction_id',
    placed_at: ['order_date', 'date'],
    paid_at: 'paid_date',
    state: 'status',
    payment_state: 'status',
    discount: ['discount_total', 'cart_discount'],
    tax: 'tax_total',
    shipping: 'shipping_total',
    fees: 'fee_total',
    total: 'order_total',
    // The last is no number: an order with refunds of which no column states the amount is refused.
    refunded: ['refunded_total', 'refund_total', 'refund_items'],
  },
  packed: {
    kind: 'named',
    columns: ['line_item_*', 'line_items'],
    between_lines: ';',
    between_fields: '|',
    after_name: ':',
    fields: {
      sku: 'sku',
      product_id: 'product_id',
      product_name: 'name',
      quantity: 'quantity',
      // Written so by WebToffee, and by the export of SkyVerge.
      line_total: ['sub_total', 'subtotal'],
      returned_quantity: 'refunded_qty',
    },
  },
  words: {
    state: {
      ...words.state,
      ...Object.fromEntries(Object.entries(words.state).map(([word, state]) => [`wc-${word}`, state])),
    },
    payment_state: {
      ...words.payment_state,
      ...Object.fromEntries(Object.entries(words.payment_state).map(([word, state]) => [`wc-${word}`, state])),
    },
  },
};
