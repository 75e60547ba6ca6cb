/** An order that may be placed; the total is a decimal amount. */
export interface PeerOrder {
  readonly id: string;
  readonly key: string;
  readonly customerId: string;
  readonly currency: string;
  readonly total: string;
  readonly totalMinor: number;
  readonly paymentMethod: string;
  readonly shippingAddress: object;
  readonly metadata: object;
  readonly lines: readonly {
    readonly id: string;
    readonly sku: string;
    readonly productId: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPriceMinor: number;
  }[];
}
