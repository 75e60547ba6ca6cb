import type { OrderLine } from './messages.ts';
import type { OrderAmounts, OrderItem } from './order.ts';

/** How far an amendment has come; a FAILED one has left the order as it was. */
export const amendmentStates = ['PLANNED', 'DONE', 'FAILED'] as const;

export type AmendmentState = (typeof amendmentStates)[number];

/** What an amendment makes of an order, computed once and then carried out; the difference in minor units. */
export interface AmendmentPlan {
  /** Counts the order's amendments, from 1. */
  readonly number: number;
  readonly linesBefore: readonly OrderLine[];
  readonly linesAfter: readonly OrderLine[];
  /** Positive when the customer has to pay more. */
  readonly differenceMinor: number;
  readonly totalMinor: number;
  /** How it ended, when an earlier attempt or run had come that far: nothing is left to do. */
  readonly ended?: Exclude<AmendmentState, 'PLANNED'>;
}

/** An order's lines and amounts after an amendment. */
export interface AmendedOrder extends OrderAmounts {
  readonly items: readonly OrderItem[];
}

/** The number under which the inventory knows an amendment, and the one that takes it back, which forbids it from then on. */
export function inventoryAmendment(number: number): { readonly apply: number; readonly restore: number } {
  return { apply: 2 * number - 1, restore: 2 * number };
}
