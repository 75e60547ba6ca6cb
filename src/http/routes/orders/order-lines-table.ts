import type { Address, OrderItem, OrderWithItems } from '../../../domain/order.ts';
import { formatMoney } from '../../../domain/money.ts';
import { paymentMethodView } from '../../../orders/order-view.ts';
import { tableOf, type Cell, type CsvTable } from './orders-csv.ts';

/** One line of an order; an order that has none, since it was cancelled before, stands on one row without a line. */
interface Line {
  readonly order: OrderWithItems;
  readonly item: OrderItem | undefined;
}

/**
 * The columns of an export of lines, of which the order's own are repeated on each. The names are those of the fields of an import, so that `preset=orders`
 * reads the file back. What an import of new orders must not take for its own is named otherwise: a masked payment method, a product's id
 * beside its SKU, and our own number.
 */
const columns: Readonly<Record<string, (line: Line) => Cell>> = {
  order_reference: ({ order }) => order.reference ?? order.orderNumber,
  number: ({ order }) => order.orderNumber,
  source: ({ order }) => order.source,
  placed_at: ({ order }) => time(order.createdAt),
  status: ({ order }) => order.status,
  payment_status: ({ order }) => order.paymentStatus,
  customer_id: ({ order }) => order.customerId,
  customer_name: ({ order }) => order.customerName,
  customer_email: ({ order }) => order.customerEmail,
  customer_phone: ({ order }) => order.customerPhone,
  locale: ({ order }) => order.locale,
  currency: ({ order }) => order.currency,
  sku: ({ item }) => item?.sku,
  catalogue_id: ({ item }) => item?.productId,
  variant_id: ({ item }) => item?.variantId,
  product_name: ({ item }) => item?.name,
  quantity: ({ item }) => item?.quantity,
  shipped_quantity: ({ item }) => item?.shippedQuantity,
  returned_quantity: ({ item }) => item?.returnedQuantity,
  unit_price: ({ order, item }) => item && money(order, item.unitPriceMinor),
  line_discount: ({ order, item }) => item && money(order, item.discountMinor ?? 0),
  line_total: ({ order, item }) => item && money(order, item.unitPriceMinor * item.quantity),
  subtotal: ({ order }) => money(order, order.subtotalMinor),
  discount: ({ order }) => money(order, order.discountMinor),
  tax: ({ order }) => money(order, order.taxMinor),
  tax_included: ({ order }) => String(order.isTaxIncluded),
  shipping: ({ order }) => money(order, order.shippingMinor),
  fees: ({ order }) => money(order, order.feesMinor),
  total: ({ order }) => money(order, order.totalMinor),
  refunded: ({ order }) => money(order, order.refundedMinor),
  refund_due: ({ order }) => money(order, order.refundDueMinor),
  paid_with: ({ order }) => paymentMethodView(order),
  payment_provider: ({ order }) => order.paymentProvider.toLowerCase(),
  payment_reference: ({ order }) => order.paymentId,
  shipping_method: ({ order }) => order.shippingMethod,
  coupon_code: ({ order }) => order.couponCode,
  notes: ({ order }) => order.notes,
  name: ({ order }) => order.shippingAddress.name,
  ...addressColumns('', ({ shippingAddress: address }) => address),
  recipient_phone: ({ order }) => order.shippingAddress.phone,
  recipient_email: ({ order }) => order.shippingAddress.email,
  billing_name: ({ order }) => order.billingAddress?.name,
  ...addressColumns('billing_', ({ billingAddress: address }) => address),
  billing_phone: ({ order }) => order.billingAddress?.phone,
  billing_email: ({ order }) => order.billingAddress?.email,
  carrier: ({ order }) => order.tracking?.carrier,
  tracking_number: ({ order }) => order.tracking?.number,
  cancellation_reason: ({ order }) => order.cancellationReason,
  confirmed_at: ({ order }) => time(order.confirmedAt),
  shipped_at: ({ order }) => time(order.shippedAt),
  delivered_at: ({ order }) => time(order.deliveredAt),
  cancelled_at: ({ order }) => time(order.cancelledAt),
  returned_at: ({ order }) => time(order.returnedAt),
  refunded_at: ({ order }) => time(order.refundedAt),
  metadata: ({ order }) => (Object.keys(order.metadata).length === 0 ? '' : JSON.stringify(order.metadata)),
};

/** An export with a row for each line of an order. */
export const orderLinesTable: CsvTable = tableOf(columns, (order) =>
  order.items.length === 0 ? [{ order, item: undefined }] : order.items.map((item) => ({ order, item })),
);

function addressColumns(prefix: string, of: (order: OrderWithItems) => Address | null) {
  const part =
    (field: keyof Address) =>
    ({ order }: Line): Cell =>
      of(order)?.[field];
  return {
    [`${prefix}company`]: part('company'),
    [`${prefix}line1`]: part('line1'),
    [`${prefix}line2`]: part('line2'),
    [`${prefix}city`]: part('city'),
    [`${prefix}region`]: part('region'),
    [`${prefix}postal_code`]: part('postal_code'),
    [`${prefix}country`]: part('country'),
  };
}

function money({ currency }: OrderWithItems, minor: number): string {
  return formatMoney(minor, currency);
}

function time(at: Date | null): string | null {
  return at && at.toISOString();
}
