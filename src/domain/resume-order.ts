import { planOf, type Amendment } from './amendment.ts';
import { toOpenRefund, type AmountRefund } from './amount-refund.ts';
import type { ResumePoint } from './messages.ts';
import { toOpenReturn, type OrderReturn } from './order-return.ts';
import { isUnpaidForShipping } from './payment-status.ts';
import { hasShipped, isPaidOutside, type OrderWithItems } from './order.ts';

/** An order whose workflow has ended before it, and what was under way. */
export interface ResumableOrder {
  readonly order: OrderWithItems;
  /** What amendments have refunded so far, in minor units. */
  readonly amendedBackMinor: number;
  readonly returns: readonly OrderReturn[];
  readonly refunds: readonly AmountRefund[];
  readonly amendment: Amendment | undefined;
  /** Keys of charges that were made by hand. */
  readonly chargedByHand: readonly string[];
  /** Whether something of its payment is authorised, and captured as its goods are shipped. */
  readonly isAuthorized: boolean;
  /** Whether the customer could not be notified, and nobody has dealt with it yet. */
  readonly isNotificationFailed: boolean;
  /** What is to be done about a dispute of the payment that is open. */
  readonly dispute: string | undefined;
}

/** What a new run of the order's workflow has to know to resume it. */
export function resumeInput(resumable: ResumableOrder, returnWindowMs: number): ResumePoint {
  const { order, amendedBackMinor, returns, refunds, amendment, chargedByHand, isNotificationFailed, dispute } =
    resumable;
  return {
    status: order.status,
    ...(isPaidOutside(order) && { isTakenIn: true }),
    isPartlyShipped: hasShipped(order),
    chargedByHand,
    isNotificationFailed,
    ...(dispute !== undefined && { dispute }),
    ...(isUnpaidForShipping(order) && { isPaymentOpen: true }),
    returnsEndMs: order.deliveredAt ? order.deliveredAt.getTime() + returnWindowMs : undefined,
    amendedBackMinor,
    returns: returns.map((one) => toOpenReturn(one, order.items)),
    refunds: refunds.map(toOpenRefund),
    amendment: amendment && planOf(amendment, order.items),
  };
}
