import type { AmendItemsCommand, Resolution } from '../../../src/domain/messages.ts';
import type { PaymentCapture } from '../../../src/domain/payment-capture.ts';
import type { FulfilmentStatus } from '../../../src/domain/order-status.ts';
import type { ItemQuantity } from '../../../src/domain/order-return.ts';
import type { Fault, Service } from './network.ts';
import type { GiftCard } from './order.ts';
import type { Sight } from './rows.ts';

/** When something happens: after so many events, or a while after the order has come to where it is seen as such. */
export type Moment = { readonly afterEvents: number } | { readonly onSight: Sight; readonly delayMs: number };

/** Something that someone or something does to the order, its worker or its services. */
export type Happening =
  | { readonly what: 'crash'; readonly downMs: number }
  | { readonly what: 'evict' }
  | { readonly what: 'outage'; readonly service: Service; readonly forMs: number }
  | { readonly what: 'sellRest'; readonly skus: readonly string[]; readonly keep: number }
  | { readonly what: 'reprice'; readonly sku: string; readonly priceMinor: number }
  | { readonly what: 'deactivateCustomer' }
  | { readonly what: 'cancelWorkflow' }
  | { readonly what: 'paymentSettled'; readonly of: string }
  | { readonly what: 'reservationSettled' }
  | PlannedCommand;

/** A command with how it is sent; `twice` sends it again under the same id, as a signal. */
export type PlannedCommand = { readonly by: 'update' | 'signal'; readonly twice: boolean } & (
  | { readonly what: 'cancelOrder' }
  | { readonly what: 'changeStatus'; readonly status: FulfilmentStatus; readonly items?: readonly ItemQuantity[] }
  | ({ readonly what: 'amendItems' } & Pick<AmendItemsCommand, 'change' | 'item_id' | 'sku' | 'quantity'>)
  | { readonly what: 'redirect'; readonly country: string }
  | { readonly what: 'returnItems'; readonly items: readonly ItemQuantity[] }
  | { readonly what: 'refundPayment'; readonly amount: string }
  | { readonly what: 'retryPayment'; readonly paymentMethod: string; readonly giftCard?: GiftCard }
);

/** Everything that befalls one order. */
export interface Plan {
  readonly stock: number;
  readonly hasCoupon: boolean;
  /** Goods may run out before the order is confirmed; then it waits so long to be amended. */
  readonly amendWindowMs: number;
  readonly paymentMethod: string;
  /** Where a second payment method stands that pays a part of the order. */
  readonly giftCard: GiftCard;
  /** When the payment is captured that is authorised; it is charged at once unless given. */
  readonly paymentCapture: PaymentCapture | undefined;
  readonly latenciesMs: readonly number[];
  readonly hearsOfCharges: boolean;
  /** How often a service that has decided on a request later says so. */
  readonly tellsOfDecisions: 0 | 1 | 2;
  readonly forgetsUpdates: boolean;
  /** Whether callers of such an update send it again until it is answered. */
  readonly callersPersist: boolean;
  readonly faults: readonly Fault[];
  readonly happenings: readonly { readonly at: Moment; readonly happening: Happening }[];
  readonly operator: {
    readonly decisions: readonly Resolution[];
    readonly delayMs: number;
    readonly by: 'update' | 'signal';
  };
}
