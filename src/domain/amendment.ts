import type { OrderDetails } from './edit-order.ts';
import type { OrderStatus } from './order-status.ts';
import type { Order, OrderAmounts, OrderItem, OrderLine } from './order.ts';
import { paymentStatusAfter } from './return-items.ts';
import type { Rate } from './rate.ts';
import type { SagaState } from './saga.ts';
import { leavesNothingToShip } from './ship-items.ts';

/** How far an amendment has come; after a FAILED one the order is unchanged. */
export const amendmentStates = ['PLANNED', 'DONE', 'FAILED'] as const;

export type AmendmentState = (typeof amendmentStates)[number];

/** An amendment on record, with the lines and amounts that it makes. */
export interface Amendment {
  readonly orderId: string;
  /** Counts the order's amendments, from 1. */
  readonly number: number;
  readonly commandId: string;
  readonly state: AmendmentState;
  readonly actor: string;
  readonly reason: string | null;
  readonly items: readonly OrderItem[];
  readonly amounts: OrderAmounts;
  /** The rate of `amounts`. */
  readonly taxRate: Rate;
  /** Details that change with it, such as the address on which the tax depends. */
  readonly details: OrderDetails | null;
  /** In minor units; positive when the customer has to pay more. */
  readonly differenceMinor: number;
}

/** What an amendment makes of an order as its saga sees it, computed once and then carried out; amounts in minor units. */
export interface AmendmentPlan {
  /** Counts the order's amendments, from 1. */
  readonly number: number;
  readonly linesBefore: readonly OrderLine[];
  readonly linesAfter: readonly OrderLine[];
  /** Positive when the customer has to pay more. */
  readonly differenceMinor: number;
  readonly totalMinor: number;
  /** Whether it lowers a partly shipped order to what has left. */
  readonly leavesNothingToShip?: true;
  /** How it ended, if an earlier attempt or run has ended it: nothing is left to do. */
  readonly ended?: Exclude<AmendmentState, 'PLANNED'>;
}

/** What an amendment's saga has to know of it; `before` are the order's lines. */
export function planOf(amendment: Amendment, before: readonly OrderItem[]): AmendmentPlan {
  const { number, state, items, amounts, differenceMinor } = amendment;
  const plan = { number, linesBefore: linesOf(before), linesAfter: linesOf(items), differenceMinor };
  const isShipped = leavesNothingToShip({ items: before }, items);
  return {
    ...plan,
    totalMinor: amounts.totalMinor,
    ...(isShipped && { leavesNothingToShip: true }),
    ...(state !== 'PLANNED' && { ended: state }),
  };
}

function linesOf(items: readonly OrderItem[]): OrderLine[] {
  return items.map(({ sku, quantity }) => ({ sku, quantity }));
}

/** Where an order's saga stands after an amendment. An order that is not confirmed yet still has its first saga under way. */
export function sagaStateAfter(ended: NonNullable<AmendmentPlan['ended']>, status: OrderStatus): SagaState {
  if (status === 'PENDING') return 'RUNNING';
  return ended === 'DONE' ? 'COMPLETED' : 'COMPENSATED';
}

/**
 * What an order says of its refunds once it comes to `totalMinor`: what went back without goods, or at the payment service, may be more
 * than that, and the rest of it is the amendment's refund then. Nothing changes for an order of which nothing was refunded.
 */
export function refundedAfterAmendment(
  order: Pick<Order, 'refundedMinor' | 'paymentStatus'>,
  totalMinor: number,
): Partial<Pick<Order, 'refundedMinor' | 'paymentStatus'>> {
  if (order.refundedMinor === 0) return {};
  const refundedMinor = Math.min(order.refundedMinor, totalMinor);
  return { refundedMinor, paymentStatus: paymentStatusAfter({ ...order, totalMinor }, refundedMinor) };
}

/** What an amendment makes of an order. */
export type AmendedOrder = Pick<Amendment, 'items' | 'amounts' | 'taxRate' | 'details'>;

/** The numbers under which the inventory knows an amendment and its compensation; the second forbids the first from then on. */
export function inventoryAmendment(number: number): { readonly apply: number; readonly restore: number } {
  return { apply: 2 * number - 1, restore: 2 * number };
}
