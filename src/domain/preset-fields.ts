/** Fields that hold for a whole order: any of its rows may state them, none may contradict another. */
export const orderTextFields = [
  'order_reference',
  'source',
  'currency',
  'customer_id',
  'customer_name',
  'customer_email',
  'customer_phone',
  'locale',
  'name',
  'company',
  'line1',
  'line2',
  'line3',
  'city',
  'region',
  'postal_code',
  'country',
  'recipient_phone',
  'recipient_email',
  'billing_name',
  'billing_company',
  'billing_line1',
  'billing_line2',
  'billing_city',
  'billing_region',
  'billing_postal_code',
  'billing_country',
  'billing_phone',
  'billing_email',
  'shipping_method',
  'coupon_code',
  'notes',
  'payment_method',
  'payment_reference',
  'carrier',
  'tracking_number',
  'cancellation_reason',
  'state',
  'payment_state',
  'tax_basis',
] as const;

/** Amounts of a whole order. */
export const orderAmountFields = [
  'discount',
  'shipping_discount',
  'tax',
  'shipping',
  'shipping_with_tax',
  'fees',
  'fees_with_tax',
  'total',
  'refunded',
  'total_after_refunds',
  'due',
] as const;

/** Whole numbers of a whole order. */
export const orderQuantityFields = ['shipped_pieces'] as const;

/** Times of a whole order; where its rows differ, the latest counts, but the earliest of `placed_at` and `paid_at`. */
export const orderTimeFields = ['placed_at', 'paid_at', 'shipped_at', 'delivered_at', 'cancelled_at'] as const;

/** Texts of one line of an order. */
const lineTextFields = ['sku', 'product_id', 'variant_id', 'product_name', 'line_state'] as const;

/** Whole numbers of one line. */
export const lineQuantityFields = ['quantity', 'shipped_quantity', 'returned_quantity', 'cancelled_quantity'] as const;

/** Amounts of one line; those of all lines add up. */
export const lineAmountFields = [
  'unit_price',
  'line_total',
  'line_discount',
  'line_tax',
  'line_shipping',
  'line_shipping_discount',
  'line_fees',
  'line_refunded',
] as const;

/** Percentages of one line. */
export const lineRateFields = ['line_tax_rate'] as const;

/** Times of one line. */
export const lineTimeFields = ['line_shipped_at'] as const;

/** Every field of one line. */
export const lineFields = [
  ...lineTextFields,
  ...lineQuantityFields,
  ...lineAmountFields,
  ...lineRateFields,
  ...lineTimeFields,
] as const;

/** Every field that a preset may name the column of. */
export const presetFields = [
  ...orderTextFields,
  ...orderAmountFields,
  ...orderQuantityFields,
  ...orderTimeFields,
  ...lineFields,
] as const;

export type PresetField = (typeof presetFields)[number];
export type OrderTextField = (typeof orderTextFields)[number];
export type OrderAmountField = (typeof orderAmountFields)[number];
export type OrderTimeField = (typeof orderTimeFields)[number];
export type QuantityField = (typeof orderQuantityFields)[number] | (typeof lineQuantityFields)[number];
export type LineField = (typeof lineFields)[number];
export type LineAmountField = (typeof lineAmountFields)[number];
export type LineRateField = (typeof lineRateFields)[number];
