import { formatMoney } from './money.ts';

/** Where a dispute stands: a customer's bank wants a payment back. OPEN until the bank has decided for the shop (WON) or against it (LOST). */
export const disputeStates = ['OPEN', 'WON', 'LOST'] as const;

export type DisputeState = (typeof disputeStates)[number];

/** A dispute about an order's payment, as the payment service tells of it; the amount in minor units. */
export interface Dispute {
  readonly orderId: string;
  /** As the payment service calls it. */
  readonly disputeId: string;
  readonly state: DisputeState;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string | null;
  /** RFC 3339; until when the payment service takes evidence. */
  readonly respondBy: string | null;
}

/** What an operator is to do about a dispute that is open. */
function describeOpenDispute(dispute: Omit<Dispute, 'orderId' | 'state'>): string {
  const { disputeId, amountMinor, currency, reason, respondBy } = dispute;
  const why = reason === null ? '' : ` (${reason})`;
  const until = respondBy === null ? '' : ` until ${respondBy}`;
  return (
    `The payment of ${formatMoney(amountMinor, currency)} ${currency} is disputed${why}: answer dispute ${disputeId} at the ` +
    `payment service${until}, with the proof of delivery, and ship nothing more until it is decided. ` +
    'The order needs attention until the payment service says how it ended.'
  );
}

/** What is written of a dispute in the order's history. */
export function describeDispute(dispute: Omit<Dispute, 'orderId'>): string {
  const { disputeId, state, amountMinor, currency } = dispute;
  if (state === 'OPEN') return describeOpenDispute(dispute);
  return state === 'WON'
    ? `dispute ${disputeId} was won: the payment stays`
    : `dispute ${disputeId} was lost: ${formatMoney(amountMinor, currency)} ${currency} went back to the customer`;
}
