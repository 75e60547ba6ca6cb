import type { FileOrder } from './file-order.ts';
import type { OrderStatus } from './order-status.ts';
import type { PaymentStatus } from './payment-status.ts';
import type { SagaState } from './saga.ts';

/** What becomes of an order that was neither paid nor shipped: it waits for its payment, which staff records, or is cancelled. */
export const unpaidOrders = ['wait', 'cancel'] as const;

export type UnpaidOrders = (typeof unpaidOrders)[number];

/** A status that an order of a file has come to, and when. */
export interface Milestone {
  readonly from: OrderStatus | null;
  readonly to: OrderStatus;
  readonly at: Date;
  /** Names it within the order's history. */
  readonly key: string;
}

/** When an order reached its milestones, as its file says; null where it doesn't. */
export interface Milestones {
  readonly createdAt: Date;
  readonly confirmedAt: Date | null;
  readonly shippedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly cancelledAt: Date | null;
  readonly returnedAt: Date | null;
  readonly refundedAt: Date | null;
}

/** Where an order of a file stands. */
export interface Standing extends Milestones {
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly sagaState: SagaState;
  /** What was paid and what of it went back, in minor units. */
  readonly paidMinor: number;
  readonly refundedMinor: number;
  /** When it last changed. */
  readonly updatedAt: Date;
  readonly cancellationReason: string | null;
  /** How it got there, oldest first. */
  readonly milestones: readonly Milestone[];
  /** Whether everything has been shipped, and everything has come back. */
  readonly hasLeft: boolean;
  readonly hasReturned: boolean;
  /** Whether anything is left to be done, so that a workflow takes the order on. */
  readonly isOpen: boolean;
}

/** Where an order stands by what its file says of goods and money; `at` is when it is taken in. */
export function settleStanding(order: FileOrder, unpaid: UnpaidOrders, at: Date): Standing {
  const money = settleMoney(order);
  const status = statusOf(order, money, unpaid);
  const moments = momentsOf(order, status, at);
  const milestones = milestonesOf(status, moments, money);
  const isOpen = status === 'PENDING' || status === 'CONFIRMED';
  return {
    ...money,
    ...moments,
    status,
    sagaState: sagaStateOf(status),
    updatedAt: milestones.at(-1)?.at ?? moments.createdAt,
    cancellationReason: status === 'CANCELLED' ? (order.cancellationReason ?? reasonOf(order)) : null,
    milestones,
    hasLeft: status === 'SHIPPED' || status === 'DELIVERED' || status === 'RETURNED' || status === 'REFUNDED',
    hasReturned: status === 'RETURNED' || status === 'REFUNDED',
    isOpen,
  };
}

type Money = Pick<Standing, 'paymentStatus' | 'paidMinor' | 'refundedMinor'>;

/** An order that comes to nothing needs no payment. What is only held counts as not paid. */
function settleMoney({ payment, totalMinor, state }: FileOrder): Money {
  const isPaid = payment.state !== 'UNPAID' && payment.state !== 'AUTHORIZED';
  if (!isPaid && (totalMinor > 0 || state === 'CANCELLED')) {
    return { paymentStatus: 'PENDING', paidMinor: 0, refundedMinor: 0 };
  }
  const isWhole = payment.state === 'REFUNDED' && payment.refundedMinor === 0;
  const refundedMinor = isWhole ? totalMinor : payment.refundedMinor;
  const paymentStatus =
    refundedMinor === 0 ? 'CAPTURED' : refundedMinor < totalMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  return { paymentStatus, paidMinor: totalMinor, refundedMinor };
}

function statusOf({ state }: FileOrder, { paymentStatus }: Money, unpaid: UnpaidOrders): OrderStatus {
  switch (state) {
    case 'OPEN':
      if (paymentStatus === 'REFUNDED') return 'CANCELLED';
      if (paymentStatus !== 'PENDING') return 'CONFIRMED';
      return unpaid === 'wait' ? 'PENDING' : 'CANCELLED';
    case 'PARTLY_SHIPPED':
      // Everything has been given back: what has not left never will.
      return paymentStatus === 'REFUNDED' ? 'SHIPPED' : 'CONFIRMED';
    case 'RETURNED':
      return paymentStatus === 'REFUNDED' || paymentStatus === 'PARTIALLY_REFUNDED' ? 'REFUNDED' : 'RETURNED';
    case 'SHIPPED':
    case 'DELIVERED':
    case 'CANCELLED':
      return state;
    default:
      return state satisfies never;
  }
}

function reasonOf({ state, payment }: FileOrder): string {
  if (state === 'CANCELLED') return 'cancelled in the system that it was taken in from';
  return payment.state === 'REFUNDED' ? 'refunded before it was shipped' : 'not paid when it was taken in';
}

function sagaStateOf(status: OrderStatus): SagaState {
  if (status === 'PENDING') return 'RUNNING';
  return status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED';
}

/** The statuses on the way to each that an order can be taken in with, without the first. */
const ways: Readonly<Partial<Record<OrderStatus, readonly OrderStatus[]>>> = {
  CONFIRMED: ['CONFIRMED'],
  SHIPPED: ['CONFIRMED', 'SHIPPED'],
  DELIVERED: ['CONFIRMED', 'SHIPPED', 'DELIVERED'],
  RETURNED: ['CONFIRMED', 'SHIPPED', 'DELIVERED', 'RETURNED'],
  REFUNDED: ['CONFIRMED', 'SHIPPED', 'DELIVERED', 'RETURNED', 'REFUNDED'],
};

function milestonesOf(status: OrderStatus, moments: Milestones, { paidMinor }: Money): Milestone[] {
  const milestones: Milestone[] = [{ from: null, to: 'PENDING', at: moments.createdAt, key: 'accepted' }];
  for (const to of wayTo(status, paidMinor > 0)) {
    const { to: from, at: before } = milestones.at(-1) ?? { to: 'PENDING', at: moments.createdAt };
    // Where the file has no date, or one that can't be, it was after what came before.
    const stated = momentOf(to, moments) ?? before;
    milestones.push({ from, to, at: stated < before ? before : stated, key: to.toLowerCase() });
  }
  return milestones;
}

/** The statuses through which an order comes to this one after it was placed. */
function wayTo(status: OrderStatus, isPaid: boolean): readonly OrderStatus[] {
  if (status === 'CANCELLED') return isPaid ? ['CONFIRMED', 'CANCELLED'] : ['CANCELLED'];
  return ways[status] ?? [];
}

function momentOf(status: OrderStatus, moments: Milestones): Date | null {
  const at: Partial<Record<OrderStatus, Date | null>> = {
    CONFIRMED: moments.confirmedAt,
    SHIPPED: moments.shippedAt,
    DELIVERED: moments.deliveredAt,
    CANCELLED: moments.cancelledAt,
    RETURNED: moments.returnedAt,
    REFUNDED: moments.refundedAt,
  };
  return at[status] ?? null;
}

function momentsOf(order: FileOrder, status: OrderStatus, at: Date): Milestones {
  const { placedAt, shippedAt, deliveredAt, cancelledAt, payment } = order;
  const known = [placedAt, payment.paidAt, shippedAt, deliveredAt, cancelledAt].filter((moment) => moment !== null);
  const createdAt = placedAt ?? new Date(Math.min(...known.map((moment) => moment.getTime()), at.getTime()));
  const isConfirmed = status !== 'PENDING' && status !== 'CANCELLED';
  return {
    createdAt,
    confirmedAt: isConfirmed ? (payment.paidAt ?? createdAt) : null,
    shippedAt,
    deliveredAt: status === 'SHIPPED' ? null : deliveredAt,
    cancelledAt: status === 'CANCELLED' ? (cancelledAt ?? (order.state === 'OPEN' ? at : null)) : null,
    returnedAt: null,
    refundedAt: null,
  };
}
