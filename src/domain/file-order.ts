import type { Address } from './order.ts';

/** How the payment of an order stands, as its file says. */
export const filePaymentStates = ['PAID', 'UNPAID', 'AUTHORIZED', 'PARTIALLY_REFUNDED', 'REFUNDED'] as const;

export type FilePaymentState = (typeof filePaymentStates)[number];

/** How far an order has got, as its file says. CANCELLED needs no goods and no money. */
export const fileOrderStates = ['OPEN', 'PARTLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED', 'RETURNED'] as const;

export type FileOrderState = (typeof fileOrderStates)[number];

/** A line of an order of a file; amounts in minor units of the order's currency. */
export interface FileOrderLine {
  /** What names the product in the services: its SKU, or whatever the shop has instead, such as a listing's id. */
  readonly sku: string;
  readonly productId?: string | undefined;
  readonly name?: string | undefined;
  readonly variantId?: string | undefined;
  readonly quantity: number;
  readonly shippedQuantity: number;
  readonly returnedQuantity: number;
  /** Null where the file states no price: the catalogue's counts, if the caller has said so. */
  readonly unitPriceMinor: number | null;
  /** Of the whole line, not of a unit. */
  readonly discountMinor: number;
}

/**
 * An order as a file of another system states it, read for certain: whatever could not be is a fault, and makes no such order.
 * `total = lines − their discounts − discount + tax (unless it is included) + shipping + fees`.
 */
export interface FileOrder {
  /** The shop's own number of the order. */
  readonly reference: string;
  /** The system that wrote the file, such as `shopify`. */
  readonly source: string | null;
  readonly currency: string;
  readonly customer: {
    readonly id: string | null;
    readonly name: string | null;
    readonly email: string | null;
    readonly phone: string | null;
  };
  readonly locale: string | null;
  readonly shippingAddress: Address;
  readonly billingAddress: Address | null;
  readonly shippingMethod: string | null;
  readonly couponCode: string | null;
  readonly notes: string | null;
  readonly lines: readonly FileOrderLine[];
  /** Of the whole order, beside those of its lines. */
  readonly discountMinor: number;
  readonly taxMinor: number;
  /** Whether the prices of the lines, and of shipping, hold the tax already. */
  readonly isTaxIncluded: boolean;
  readonly shippingMinor: number;
  /** Gift wrap, handling, duties and the like. */
  readonly feesMinor: number;
  /** As the file states it, which agrees with the sum; computed where it states none. Without the lines that have no price. */
  readonly totalMinor: number;
  /** What the file states of an order with lines that have no price: their prices have to come to it. */
  readonly statedTotalMinor?: number | undefined;
  readonly state: FileOrderState;
  readonly payment: {
    readonly state: FilePaymentState;
    /** The shop's word for it, such as `Shopify Payments`. */
    readonly method: string | null;
    /** What names the payment at whoever took it. */
    readonly reference: string | null;
    readonly paidAt: Date | null;
    readonly refundedMinor: number;
  };
  readonly tracking: { readonly carrier: string | null; readonly number: string | null } | null;
  readonly placedAt: Date | null;
  readonly shippedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly cancellationReason: string | null;
}
