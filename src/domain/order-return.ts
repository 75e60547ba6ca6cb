import type { OrderItem, OrderLine } from './order.ts';

/**
 * How far a return has come. OPEN: its goods are on their way back. RESTOCKED: they are back, the refund is still to be made.
 * UNREFUNDED: an operator decided against the refund. REJECTED: the goods did not come back, nothing has changed.
 */
export const returnStates = ['OPEN', 'RESTOCKED', 'REFUNDED', 'UNREFUNDED', 'REJECTED'] as const;

export type ReturnState = (typeof returnStates)[number];

/** How many of which line. */
export interface ItemQuantity {
  readonly item_id: string;
  readonly quantity: number;
}

/** A return on record; the refund in minor units. */
export interface OrderReturn {
  readonly id: string;
  readonly orderId: string;
  /** Counts the order's returns, from 1. */
  readonly number: number;
  readonly state: ReturnState;
  readonly actor: string;
  readonly reason: string;
  readonly items: readonly ItemQuantity[];
  readonly refundMinor: number;
  /** Whether it leaves nothing with the customer. */
  readonly isWhole: boolean;
}

/** A return as its saga sees it; the refund in minor units. */
export interface OpenReturn extends Pick<OrderReturn, 'id' | 'number' | 'refundMinor' | 'isWhole'> {
  readonly lines: readonly OrderLine[];
  /** Whether the goods were back already when its saga started. */
  readonly isRestocked: boolean;
  /** Whether it has been given up. */
  readonly isRejected: boolean;
  /** Whether nothing of it is left to do. */
  readonly isCompleted: boolean;
}

/** Whether goods are back and their refund is made, or decided against. */
export function isCompleted(state: ReturnState): boolean {
  return state === 'REFUNDED' || state === 'UNREFUNDED';
}

/** What a return's saga has to know of it; `ordered` are the order's lines. */
export function toOpenReturn(given: OrderReturn, ordered: readonly OrderItem[]): OpenReturn {
  const { id, number, refundMinor, isWhole, state } = given;
  const skus = new Map(ordered.map((item) => [item.id, item.sku]));
  const lines = given.items.map(({ item_id, quantity }) => ({ sku: skus.get(item_id) ?? '', quantity }));
  return {
    id,
    number,
    lines,
    refundMinor,
    isWhole,
    isRestocked: state === 'RESTOCKED',
    isRejected: state === 'REJECTED',
    isCompleted: isCompleted(state),
  };
}
