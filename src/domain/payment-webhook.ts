import type { Amendment } from './amendment.ts';
import type { Order } from './order.ts';
import { partNumberOf } from './payment-part.ts';

/** How a charge came out, as the payment service says by itself; the amount in minor units. */
export interface PaymentWebhook {
  /** The message's id: the same at every delivery. */
  readonly id: string;
  readonly orderId: string;
  readonly idempotencyKey: string;
  readonly outcome: 'captured' | 'declined';
  readonly paymentId: string;
  readonly declineCode: string | null;
  readonly amountMinor: number;
  readonly currency: string;
}

/**
 * What came of a message. SIGNALLED: the order's saga waits for this charge and was told. RECORDED: it does not, or not yet. REFUNDED: the
 * order is cancelled, or the charge has failed before, and what was taken is refunded.
 * UNKNOWN_ORDER, MISMATCH: it speaks of no order, or not of its charge, and is not believed.
 */
export const webhookEffects = ['SIGNALLED', 'RECORDED', 'REFUNDED', 'UNKNOWN_ORDER', 'MISMATCH'] as const;

export type WebhookEffect = (typeof webhookEffects)[number];

/** A charge on record. */
export interface KnownCharge extends Pick<PaymentWebhook, 'idempotencyKey' | 'amountMinor'> {
  readonly isDeclined: boolean;
}

/** What the charges of an order are known to have come to. */
export interface KnownCharges {
  readonly amendments: readonly Pick<Amendment, 'number' | 'state' | 'differenceMinor'>[];
  /** Charges on record. */
  readonly charges: readonly KnownCharge[];
}

/**
 * What is to be done about a message. `tell`: the order's saga may wait for the charge. `refund order`: nothing may stay charged for it.
 * `refund charge`: the order goes on without this charge. `record`: nothing, unless the order comes to ask. `mismatch`: it is not believed.
 */
export type WebhookVerdict = 'tell' | 'refund order' | 'refund charge' | 'record' | 'mismatch';

/** Judges a message by the order that it speaks of. */
export function judgeWebhook(webhook: PaymentWebhook, order: Order, known: KnownCharges): WebhookVerdict {
  const { idempotencyKey: key, currency, amountMinor } = webhook;
  const isCaptured = webhook.outcome === 'captured';
  if (!key.startsWith(`${order.id}:charge:`) || currency !== order.currency) return 'mismatch';
  // Whatever was charged for it, and whatever has become of its total since.
  if (isCaptured && order.status === 'CANCELLED') return 'refund order';
  const number = amendmentOf(order.id, key);
  if (number !== undefined) {
    const amendment = known.amendments.find((one) => one.number === number);
    if (amendment?.differenceMinor !== amountMinor) return 'mismatch';
    if (amendment.state === 'FAILED') return isCaptured ? 'refund charge' : 'record';
    return amendment.state === 'PLANNED' ? 'tell' : 'record';
  }
  const booked = known.charges.find(({ idempotencyKey }) => idempotencyKey === key);
  if (!amountsOf(key, order, known).includes(amountMinor) && booked?.amountMinor !== amountMinor) return 'mismatch';
  if (isCaptured && booked?.isDeclined) return 'refund charge';
  return isWaiting(order) ? 'tell' : 'record';
}

/** The number of the amendment whose difference was charged with this key, if it was one. */
export function amendmentOf(orderId: string, key: string): number | undefined {
  const prefix = `${orderId}:charge:amend:`;
  const digits = key.startsWith(prefix) ? key.slice(prefix.length) : '';
  return /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : undefined;
}

/** What a charge of the order with this key may be of: its total, or what is paid with one of its payment methods. */
function amountsOf(key: string, order: Order, known: KnownCharges): readonly (number | undefined)[] {
  const part = partNumberOf(key);
  if (part > 0) return [order.paymentParts?.[part - 1]?.amountMinor];
  return [order.totalMinor, totalAsPlaced(order, known)];
}

function totalAsPlaced({ totalMinor }: Order, { amendments }: KnownCharges): number {
  const done = amendments.filter(({ state }) => state === 'DONE');
  return done.reduce((total, { differenceMinor }) => total - differenceMinor, totalMinor);
}

/** Told early, before the answer that it is about, the workflow remembers it. Other orders wait for no charge. */
function isWaiting({ status }: Order): boolean {
  return status === 'PENDING';
}
