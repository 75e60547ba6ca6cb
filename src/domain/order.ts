import type { CouponTerms } from './coupon.ts';
import type { PaymentAction } from './next-action.ts';
import type { OrderStatus } from './order-status.ts';
import type { PaymentPart } from './payment-part.ts';
import type { PaymentProvider } from './payment-provider.ts';
import type { PaymentStatus } from './payment-status.ts';
import type { Rate } from './rate.ts';
import type { SagaState } from './saga.ts';

/** A postal address as the client gave it. */
export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly region?: string | undefined;
  /** Absent where the country has none. */
  readonly postal_code?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly company?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

/** Who ordered, as the shop tells it; null is not told. All of it but `locale` is personal. */
export interface CustomerDetails {
  readonly customerName: string | null;
  readonly customerEmail: string | null;
  readonly customerPhone: string | null;
  /** The language of messages to the customer, BCP 47. */
  readonly locale: string | null;
}

/** A line as bought; `unitPriceMinor` in minor units of the order's currency. */
export interface OrderItem {
  readonly id: string;
  readonly productId: string;
  readonly sku: string;
  readonly name: string;
  /** The variant of the product, as the shop names it. */
  readonly variantId?: string | null | undefined;
  readonly unitPriceMinor: number;
  /** A discount of this very line, which is a part of the order's, in minor units; none unless given. */
  readonly discountMinor?: number | undefined;
  readonly quantity: number;
  readonly shippedQuantity: number;
  readonly returnedQuantity: number;
  /** The line that was raised at another price than its own, which made this one. */
  readonly splitFrom: string | null;
}

/** A line on its way to becoming one of an order: nothing of it has been shipped or returned. */
export type NewOrderItem = Omit<OrderItem, 'shippedQuantity' | 'returnedQuantity' | 'splitFrom'>;

/** How many of what. */
export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
}

/** Amounts in minor units; `total = subtotal − discount + tax (unless the prices hold it already) + shipping + fees`. */
export interface OrderAmounts {
  readonly subtotalMinor: number;
  readonly discountMinor: number;
  readonly taxMinor: number;
  /** Whether the prices hold the tax already. */
  readonly isTaxIncluded: boolean;
  readonly shippingMinor: number;
  /** Gift wrap, handling and the like. */
  readonly feesMinor: number;
  readonly totalMinor: number;
}

/** A checked and priced order, ready to be accepted. */
export interface NewOrder extends OrderAmounts, CustomerDetails {
  readonly id: string;
  readonly customerId: string;
  readonly currency: string;
  readonly items: readonly NewOrderItem[];
  readonly paymentMethod: string;
  /** In order of use, when it is paid with several methods; `paymentMethod` is the last one's then, which also pays what amendments add. */
  readonly paymentParts?: readonly PaymentPart[] | null | undefined;
  readonly shippingAddress: Address;
  readonly billingAddress: Address | null;
  readonly shippingMethod: string | null;
  readonly couponCode: string | null;
  /** What its coupon grants, as it was when it was placed; with `taxRate` and `shippingMinor` all that amounts depend on beside the lines. */
  readonly couponTerms: CouponTerms | null;
  readonly taxRate: Rate;
  readonly notes: string | null;
  /** The shop's own number of the order. */
  readonly reference: string | null;
  /** Where the shop got the order from, such as a marketplace. */
  readonly source: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly batchId: string | null;
  /** Who placed it, for the records, such as `customer:alice`. */
  readonly placedBy: string;
  /** The subject of the service or administrator that placed it for its customer; null when the customer did. */
  readonly placedByService: string | null;
  /** The request that it was placed with, if it is known. */
  readonly requestId?: string | undefined;
  /** The trace in which it was placed, as a W3C `traceparent`, where something is traced. */
  readonly traceparent?: string | null | undefined;
}

/** Why an order did not go through, kept so that a repeated request gets the same answer. */
export interface OrderFailure {
  readonly code: 'ORD002' | 'ORD003' | 'ORD007';
  readonly message: string;
  readonly details: readonly Readonly<Record<string, string | number>>[];
}

/** How goods travel. */
export interface Tracking {
  readonly carrier: string | null;
  readonly number: string | null;
}

/** Whether `tracking` says what is `asked` already; what is left out is not asked, null is nothing. */
export function isSameTracking(
  tracking: Tracking | null,
  asked: { readonly [Field in keyof Tracking]?: Tracking[Field] | undefined },
): boolean {
  const now = tracking ?? { carrier: null, number: null };
  const { carrier = now.carrier, number = now.number } = asked;
  return carrier === now.carrier && number === now.number;
}

/** An order as the projection has it. */
export interface Order extends Omit<NewOrder, 'items'> {
  readonly orderNumber: string;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly sagaState: SagaState;
  /** Grows by one with each write; the entity tag. */
  readonly version: number;
  readonly reservationId: string | null;
  /** `EXTERNAL`: taken in from another system, where it was paid or is to be paid. */
  readonly paymentProvider: PaymentProvider;
  readonly paymentId: string | null;
  readonly refundedMinor: number;
  /** What was paid outside the payment service, and waits for a person to give it back. */
  readonly refundDueMinor: number;
  readonly tracking: Tracking | null;
  readonly cancellationReason: string | null;
  readonly failure: OrderFailure | null;
  readonly paymentRetryUntil: Date | null;
  /** What the customer has to do before a payment goes on. */
  readonly paymentAction: PaymentAction | null;
  /** Until when an order whose goods ran out may be amended. */
  readonly amendUntil: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly confirmedAt: Date | null;
  readonly processingAt: Date | null;
  readonly shippedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly returnedAt: Date | null;
  readonly refundedAt: Date | null;
}

/** An order with its lines. */
export type OrderWithItems = Order & { readonly items: readonly OrderItem[] };

/** Whether something of the order has been shipped. */
export function hasShipped({ items }: Pick<OrderWithItems, 'items'>): boolean {
  return items.some(({ shippedQuantity }) => shippedQuantity > 0);
}

/** Whether it was taken in from another system: its money is not in the payment service, and a workflow that places orders must not run for it. */
export function isPaidOutside({ paymentProvider }: Pick<Order, 'paymentProvider'>): boolean {
  return paymentProvider === 'EXTERNAL';
}

/** Whether it was taken in without taking its goods out of stock: the inventory knows nothing of them. */
export function isWithoutGoods(order: Pick<Order, 'paymentProvider' | 'reservationId'>): boolean {
  return isPaidOutside(order) && order.reservationId === null;
}

const WORKFLOW_ID_PREFIX = 'order-';

/** The workflow id of an order's saga. */
export function orderWorkflowId(orderId: string): string {
  return `${WORKFLOW_ID_PREFIX}${orderId}`;
}

/** The order whose saga a workflow id names; `undefined` for other workflows. */
export function orderIdOf(workflowId: string | null | undefined): string | undefined {
  return workflowId?.startsWith(WORKFLOW_ID_PREFIX) ? workflowId.slice(WORKFLOW_ID_PREFIX.length) : undefined;
}

/** The actor of what the saga does on its own. */
export const SAGA_ACTOR = 'system:saga';

/** The actor of what the reconciler does. */
export const RECONCILER_ACTOR = 'system:reconciler';

/** The actor of what the payment service says by itself. */
export const PAYMENT_SERVICE_ACTOR = 'service:payment';

/** The actor of what the carrier says by itself. */
export const CARRIER_ACTOR = 'service:shipping';

/** The inventory, when it says by itself what has become of a reservation. */
export const INVENTORY_ACTOR = 'service:inventory';
