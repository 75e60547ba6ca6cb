import { create } from '@bufbuild/protobuf';
import { timestampFromMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import type { OrderView } from '../orders/order-view.ts';
import { OrderSchema, OrderStatus, PaymentStatus, SagaState, type Order } from './generated/orders/v1/order_pb.ts';

/** An order as a message: the same that HTTP shows; what is null there is absent here. */
export function orderMessage(view: OrderView): Order {
  return create(OrderSchema, {
    id: view.id,
    orderNumber: view.order_number,
    customerId: view.customer_id,
    status: OrderStatus[view.status],
    paymentStatus: PaymentStatus[view.payment_status],
    sagaState: SagaState[view.saga_state],
    currency: view.currency,
    items: view.items.map(itemMessage),
    subtotal: view.subtotal,
    discount: view.discount,
    tax: view.tax,
    taxIncluded: view.tax_included,
    shipping: view.shipping,
    fees: view.fees,
    total: view.total,
    refundedAmount: view.refunded_amount,
    refundDue: view.refund_due,
    paymentMethod: view.payment_method,
    paymentMethods: view.payment_methods ?? [],
    payment: view.payment,
    shippingAddress: addressMessage(view.shipping_address),
    metadata: view.metadata,
    version: view.version,
    ...detailsOf(view),
    ...momentsOf(view),
  });
}

/** What an order may be without. */
function detailsOf(view: OrderView) {
  const { tracking, failure, next_action: action } = view;
  return {
    billingAddress: view.billing_address ? addressMessage(view.billing_address) : undefined,
    shippingMethod: given(view.shipping_method),
    couponCode: given(view.coupon_code),
    notes: given(view.notes),
    customerName: given(view.customer_name),
    customerEmail: given(view.customer_email),
    customerPhone: given(view.customer_phone),
    reference: given(view.reference),
    source: given(view.source),
    locale: given(view.locale),
    tracking: tracking ? { carrier: given(tracking.carrier), number: given(tracking.number) } : undefined,
    reservationId: given(view.reservation_id),
    paymentId: given(view.payment_id),
    cancellationReason: given(view.cancellation_reason),
    batchId: given(view.batch_id),
    failure: given(failure),
    nextAction: action ? { type: action.type, ...targetOf(action) } : undefined,
  };
}

function targetOf(action: NonNullable<OrderView['next_action']>) {
  return action.type === 'redirect' ? { url: action.url } : { clientSecret: action.client_secret };
}

function momentsOf(view: OrderView) {
  return {
    paymentRetryUntil: moment(view.payment_retry_until),
    paymentActionUntil: moment(view.payment_action_until),
    amendUntil: moment(view.amend_until),
    createdAt: moment(view.created_at),
    updatedAt: moment(view.updated_at),
    confirmedAt: moment(view.confirmed_at),
    processingAt: moment(view.processing_at),
    shippedAt: moment(view.shipped_at),
    deliveredAt: moment(view.delivered_at),
    cancelledAt: moment(view.cancelled_at),
    returnedAt: moment(view.returned_at),
    refundedAt: moment(view.refunded_at),
  };
}

function itemMessage(item: OrderView['items'][number]) {
  return {
    id: item.id,
    productId: item.product_id,
    sku: item.sku,
    name: item.name,
    unitPrice: item.unit_price,
    quantity: item.quantity,
    shippedQuantity: item.shipped_quantity,
    returnedQuantity: item.returned_quantity,
    total: item.total,
    splitFrom: given(item.split_from),
    variantId: given(item.variant_id),
    discount: item.discount,
  };
}

function addressMessage({ postal_code: postalCode, ...address }: OrderView['shipping_address']) {
  return { ...address, postalCode };
}

function given<T>(value: T | null): T | undefined {
  return value ?? undefined;
}

function moment(text: string | null): Timestamp | undefined {
  return text === null ? undefined : timestampFromMs(Date.parse(text));
}
