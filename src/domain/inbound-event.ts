import type { Dispute } from './dispute.ts';
import type { OutsideRefund } from './outside-refund.ts';
import type { PaymentWebhook } from './payment-webhook.ts';

/**
 * Where an event of another service stands. RECEIVED: to be applied, or tried again. WAITING: its order is not known yet, or not so far.
 * APPLIED: it has changed what it had to. IGNORED: there was nothing to change, or an operator dropped it. DEAD: it can't be right, or could
 * not be applied in time; an operator decides.
 */
export const inboxStates = ['RECEIVED', 'APPLIED', 'WAITING', 'DEAD', 'IGNORED'] as const;

export type InboxState = (typeof inboxStates)[number];

/** How a charge came out; what a service doesn't say of it is found in the order. */
export interface ChargeOutcomeEvent extends Pick<PaymentWebhook, 'orderId' | 'outcome' | 'declineCode'> {
  readonly paymentId: string | undefined;
  readonly idempotencyKey: string | undefined;
  readonly amountMinor: number | undefined;
  readonly currency: string | undefined;
}

/** Money that is held, by the key under which it was asked for. */
export interface AuthorizedPayment {
  readonly orderId: string;
  readonly idempotencyKey: string;
}

/** How a reservation came out that was answered with 202. */
export interface ReservationOutcome {
  readonly orderId: string;
  readonly outcome: 'reserved' | 'failed';
  readonly reservationId: string | null;
  readonly reason: string | null;
}

/** A parcel has arrived; without a shipment it is the whole order. */
export interface Delivery {
  readonly orderId: string;
  readonly shipmentId: string | null;
  readonly trackingNumber: string | null;
  /** RFC 3339. */
  readonly deliveredAt: string | null;
}

/** What another service tells of an order. */
export type InboundEvent =
  | { readonly kind: 'charge'; readonly charge: ChargeOutcomeEvent }
  | { readonly kind: 'authorization'; readonly authorized: AuthorizedPayment }
  | { readonly kind: 'refund'; readonly refund: OutsideRefund }
  | { readonly kind: 'failed refund'; readonly refund: OutsideRefund }
  | { readonly kind: 'dispute'; readonly dispute: Dispute }
  | { readonly kind: 'reservation'; readonly reservation: ReservationOutcome }
  | { readonly kind: 'delivery'; readonly delivery: Delivery };

/** What an event came to, and why unless it was applied. WAITING is tried again. */
export interface EventOutcome {
  readonly state: Exclude<InboxState, 'RECEIVED'>;
  readonly reason?: string;
  /** With WAITING: it may be kept for longer than others, since its order will surely come so far. */
  readonly isPatient?: boolean;
}

/** An event of which no order is known yet. */
export const unknownOrder: EventOutcome = { state: 'WAITING', reason: 'there is no such order' };

/** An event that only a running workflow of its order could take. */
export const workflowEnded: EventOutcome = { state: 'IGNORED', reason: 'the workflow of the order has ended' };
