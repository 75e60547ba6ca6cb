import { balanceOf, type BookedTransaction } from './book-refund.ts';
import { formatMoney, parseMoney } from './money.ts';
import type { Order } from './order.ts';
import { invalidRequest, Refusal } from './refusal.ts';

/**
 * How far a refund of an amount has come. OPEN: it is on record and will be made. REFUNDED: the money has gone back. REJECTED: nothing
 * went back, since an operator gave it up, or everything had gone back another way before its turn came.
 */
export const refundStates = ['OPEN', 'REFUNDED', 'REJECTED'] as const;

export type RefundState = (typeof refundStates)[number];

/** Money that goes back without goods, as it is on record; amounts in minor units. */
export interface AmountRefund {
  readonly id: string;
  readonly orderId: string;
  /** Counts the order's refunds of amounts, from 1. */
  readonly number: number;
  readonly state: RefundState;
  readonly amountMinor: number;
  /** What has gone back: no more than was left when its turn came. */
  readonly refundedMinor: number;
  /** Whether the customer is sent a message. */
  readonly notifies: boolean;
  readonly actor: string;
  readonly reason: string;
  /** The key of the refund that has failed at the payment service, in whose place this one is. */
  readonly replaces: string | null;
}

/** A refund as its saga sees it. */
export type OpenRefund = Pick<AmountRefund, 'id' | 'number' | 'amountMinor' | 'state'>;

/** What its saga has to know of a refund on record. */
export function toOpenRefund({ id, number, amountMinor, state }: AmountRefund): OpenRefund {
  return { id, number, amountMinor, state };
}

/** The key of the order's refund with this number, toward the payment service. */
export function amountRefundKey(orderId: string, number: number): string {
  return `${orderId}${AMOUNT}${number}`;
}

const AMOUNT = ':refund:amount:';

/** Whether an amount of the order was refunded without goods. */
export function hasAmountRefund(transactions: readonly Pick<BookedTransaction, 'idempotencyKey'>[]): boolean {
  return transactions.some(({ idempotencyKey }) => idempotencyKey.includes(AMOUNT));
}

/** An order's money: what it says of itself, what is on record, and what is on its way back. */
export interface OrderMoney {
  readonly order: Pick<Order, 'id' | 'status' | 'currency' | 'totalMinor' | 'refundedMinor'>;
  readonly transactions: readonly BookedTransaction[];
  /** What refunds under way will give back: of amounts, of returns whose goods are back, and of an amendment. */
  readonly promisedMinor: number;
}

/** What may still be refunded of an order, in minor units: what was captured, less what went back, less what is on its way back. */
export function leftToRefund({ order, transactions, promisedMinor }: OrderMoney): number {
  const { inServiceMinor, outsideMinor } = balanceOf(transactions);
  const keptMinor = Math.min(order.totalMinor - order.refundedMinor, inServiceMinor + outsideMinor);
  return Math.max(keptMinor - promisedMinor, 0);
}

/** Throws unless `amountMinor` of the order may be refunded: ORD005 before it is paid, VALIDATION for nothing and for more than is left. */
export function requireRefundable(money: OrderMoney, amountMinor: number): void {
  const { order, transactions, promisedMinor } = money;
  const { currency, status } = order;
  if (status === 'PENDING' || status === 'PAYMENT_FAILED') throw notRefundable(order, UNCONFIRMED[status]);
  if (!transactions.some(({ status: booked }) => booked === 'CAPTURED')) {
    throw notRefundable(order, 'Nothing was captured for the order yet: amend its items or cancel it instead.');
  }
  if (amountMinor <= 0) throw invalidAmount(`must be more than ${formatMoney(0, currency)}`);
  const leftMinor = leftToRefund(money);
  if (amountMinor <= leftMinor) return;
  const text = (minor: number) => `${formatMoney(minor, currency)} ${currency}`;
  const promised = promisedMinor > 0 ? ` ${text(promisedMinor)} is on its way back.` : '';
  throw invalidAmount(`only ${text(leftMinor)} is left to refund.${promised}`);
}

const UNCONFIRMED = {
  PENDING: 'The order is PENDING: nothing of it is paid for good yet. Cancel it: whatever was taken then goes back.',
  PAYMENT_FAILED: 'The order is PAYMENT_FAILED: nothing was taken for it, so nothing can go back.',
} as const;

function notRefundable({ id: orderId, status }: OrderMoney['order'], message: string): Refusal {
  return new Refusal('ORD005', message, { details: [{ from: status, to: 'REFUNDED', allowed: [] }], orderId });
}

/** Reads the amount of a refund in minor units. Throws VALIDATION for what is no amount of the currency. */
export function parseRefundAmount(text: string, currency: string): number {
  try {
    return parseMoney(text, currency);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidAmount(
      `must be a decimal amount of ${currency} such as ${formatMoney(1_250, currency)}, without a sign`,
    );
  }
}

function invalidAmount(message: string): Refusal {
  return invalidRequest([{ pointer: '/amount', message }]);
}
