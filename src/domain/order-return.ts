import type { OrderLine } from './messages.ts';

/**
 * How far a return has come. OPEN: its goods are on their way back. RESTOCKED: they are back, the refund is not made yet.
 * UNREFUNDED: an operator decided against the refund. REJECTED: the goods did not come back, nothing has changed.
 */
export const returnStates = ['OPEN', 'RESTOCKED', 'REFUNDED', 'UNREFUNDED', 'REJECTED'] as const;

export type ReturnState = (typeof returnStates)[number];

/** How many of which line. */
export interface ItemQuantity {
  readonly item_id: string;
  readonly quantity: number;
}

/** A return as its saga sees it; the refund in minor units. */
export interface OpenReturn {
  readonly id: string;
  /** Counts the order's returns, from 1. */
  readonly number: number;
  readonly lines: readonly OrderLine[];
  readonly refundMinor: number;
  /** Whether nothing is left with the customer after it. */
  readonly isWhole: boolean;
  /** Whether the goods were back already when its saga was begun anew. */
  readonly isRestocked: boolean;
  /** Whether it has been given up. */
  readonly isRejected: boolean;
}
