import { maskPaymentMethod } from '../domain/mask-payment-method.ts';
import { formatMoney } from '../domain/money.ts';
import { shareDiscount } from '../domain/share-discount.ts';
import { isPaidOutside, type Order, type OrderItem, type OrderWithItems } from '../domain/order.ts';

/** An order as clients see it, through whichever door: money as decimal strings, times in UTC, the payment method masked. */
export function orderView(order: OrderWithItems) {
  const money = (minor: number) => formatMoney(minor, order.currency);
  return {
    id: order.id,
    order_number: order.orderNumber,
    customer_id: order.customerId,
    customer_name: order.customerName,
    customer_email: order.customerEmail,
    customer_phone: order.customerPhone,
    reference: order.reference,
    source: order.source,
    locale: order.locale,
    status: order.status,
    payment_status: order.paymentStatus,
    saga_state: order.sagaState,
    currency: order.currency,
    items: itemViews(order),
    subtotal: money(order.subtotalMinor),
    discount: money(order.discountMinor),
    tax: money(order.taxMinor),
    tax_included: order.isTaxIncluded,
    shipping: money(order.shippingMinor),
    fees: money(order.feesMinor),
    total: money(order.totalMinor),
    refunded_amount: money(order.refundedMinor),
    refund_due: money(order.refundDueMinor),
    payment_method: paymentMethodView(order),
    payment_methods: paymentMethodViews(order),
    payment: { provider: isPaidOutside(order) ? ('external' as const) : ('payment_service' as const) },
    shipping_address: order.shippingAddress,
    billing_address: order.billingAddress,
    shipping_method: order.shippingMethod,
    coupon_code: order.couponCode,
    notes: order.notes,
    metadata: order.metadata,
    tracking: order.tracking,
    reservation_id: order.reservationId,
    payment_id: order.paymentId,
    cancellation_reason: order.cancellationReason,
    batch_id: order.batchId,
    payment_retry_until: time(order.paymentRetryUntil),
    next_action: order.paymentAction && order.paymentAction.nextAction,
    payment_action_until: time(order.paymentAction && order.paymentAction.until),
    amend_until: time(order.amendUntil),
    failure: order.failure && { ...order.failure, details: order.failure.details.map((detail) => ({ ...detail })) },
    version: order.version,
    created_at: order.createdAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    confirmed_at: time(order.confirmedAt),
    processing_at: time(order.processingAt),
    shipped_at: time(order.shippedAt),
    delivered_at: time(order.deliveredAt),
    cancelled_at: time(order.cancelledAt),
    returned_at: time(order.returnedAt),
    refunded_at: time(order.refundedAt),
  };
}

export type OrderView = ReturnType<typeof orderView>;

/** An order's lines as clients see them, each with its share of the discount. */
export function itemViews({
  items,
  currency,
  discountMinor,
}: Pick<OrderWithItems, 'items' | 'currency' | 'discountMinor'>) {
  const discounts = shareDiscount(items, discountMinor);
  return items.map((item, index) => itemView(item, discounts[index] ?? 0, currency));
}

function itemView(item: OrderItem, discountMinor: number, currency: string) {
  return {
    id: item.id,
    product_id: item.productId,
    sku: item.sku,
    name: item.name,
    variant_id: item.variantId ?? null,
    unit_price: formatMoney(item.unitPriceMinor, currency),
    quantity: item.quantity,
    shipped_quantity: item.shippedQuantity,
    returned_quantity: item.returnedQuantity,
    total: formatMoney(item.unitPriceMinor * item.quantity, currency),
    discount: formatMoney(discountMinor, currency),
    split_from: item.splitFrom,
  };
}

/** The payment method as it may be shown: a token is masked; what another system calls the way it was paid holds no secret. */
export function paymentMethodView({
  paymentProvider,
  paymentMethod,
}: Pick<OrderWithItems, 'paymentProvider' | 'paymentMethod'>): string {
  return isPaidOutside({ paymentProvider }) ? paymentMethod : maskPaymentMethod(paymentMethod);
}

/** The payment methods of an order that is paid with several, as they may be shown; null for one. */
function paymentMethodViews({ paymentParts, currency }: Pick<OrderWithItems, 'paymentParts' | 'currency'>) {
  if (!paymentParts) return null;
  return paymentParts.map(({ paymentMethod, amountMinor }) => ({
    method: maskPaymentMethod(paymentMethod),
    amount: formatMoney(amountMinor, currency),
  }));
}

/** The entity tag of an order. */
export function entityTag(order: Pick<Order, 'version'>): string {
  return `"${order.version}"`;
}

function time(at: Date | null): string | null {
  return at && at.toISOString();
}
