import type { CouponTerms } from '../../../src/domain/coupon.ts';
import type { Amendment } from '../../../src/domain/amendment.ts';
import type { AmountRefund } from '../../../src/domain/amount-refund.ts';
import type { OrderDetails } from '../../../src/domain/edit-order.ts';
import type { OrderReturn } from '../../../src/domain/order-return.ts';
import type { OrderItem, OrderWithItems } from '../../../src/domain/order.ts';
import { allowedBefore, type OrderStatus } from '../../../src/domain/order-status.ts';
import { refundedMinor as sumRefunds, type BookedTransaction } from '../../../src/domain/book-refund.ts';
import type { OrderTransition, PaymentTransactionRecord } from '../../../src/domain/order-transition.ts';
import type { PaymentStatus } from '../../../src/domain/payment-status.ts';
import {
  CREATE_SAGA,
  type SagaAction,
  type SagaState,
  type StepRecord,
  type StepState,
} from '../../../src/domain/saga.ts';
import { amounts, items, placed } from './order.ts';

/** A change of status as the history has it. */
export interface HistoryRow {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly key: string;
}

/** An amendment on record, with the order's lines before it, which only a test remembers. */
export interface AmendmentRow extends Amendment {
  readonly before: readonly OrderItem[];
}

/** What is seen of an order from outside when something of it is written. */
export type Sight = OrderStatus | 'SHORT' | 'PARTLY_SHIPPED';

/** Who wants to know of what is written: the customer, an operator. */
export interface ProjectionWatcher {
  readonly onSight: (sight: Sight) => void;
  readonly onAttention: (step: SagaAction) => void;
}

export type Rows = ReturnType<typeof createRows>;

/** One order's rows, and the two writes that every other is made of. */
export function createRows(couponTerms: CouponTerms | null, watch: ProjectionWatcher) {
  const rows = {
    order: {
      status: 'PENDING' as OrderStatus,
      paymentStatus: 'PENDING' as PaymentStatus,
      sagaState: 'RUNNING' as SagaState,
      refundedMinor: 0,
      isShort: false,
      amounts,
      taxRate: placed.taxRate,
      shippingAddress: placed.shippingAddress,
      couponTerms,
    },
    items,
    history: [] as HistoryRow[],
    amendments: [] as AmendmentRow[],
    /** Details that commands are to carry out, by the command's id. */
    edits: new Map<string, OrderDetails>(),
    returns: [] as OrderReturn[],
    refunds: [] as AmountRefund[],
    /** Keys of shipments of a part, and of shortages. */
    written: [] as string[],
    /** What each step and compensation came to, by its name and after its saga's: see {@link ledgerKey}. */
    ledger: new Map<string, StepState>(),
    /** What an operator is told of parked steps. */
    problems: new Map<SagaAction, string>(),
    /** Charges and refunds on record. */
    transactions: [] as BookedTransaction[],
  };

  const writeSteps = (steps: readonly StepRecord[] = []) => {
    const keys = new Set(steps.map(({ saga, step }) => ledgerKey(step, saga)));
    if (keys.size < steps.length) throw new Error('ON CONFLICT DO UPDATE command cannot affect row a second time');
    for (const { saga, step, state } of steps) rows.ledger.set(ledgerKey(step, saga), state);
  };

  const writeTransactions = (transactions: readonly PaymentTransactionRecord[] = []) => {
    for (const one of transactions) {
      const { idempotencyKey, kind, status, amountMinor, declineCode, paymentId, provider = 'PAYMENT_SERVICE' } = one;
      const known = rows.transactions.find((other) => other.idempotencyKey === idempotencyKey);
      if (!known) {
        rows.transactions.push({ idempotencyKey, kind, status, amountMinor, declineCode, paymentId, provider });
      } else if (known.status === 'AUTHORIZED' && (status === 'VOIDED' || status === 'EXPIRED')) end(known, status);
    }
  };

  /** An authorisation that holds nothing any more says so. */
  const end = (authorization: BookedTransaction, status: 'VOIDED' | 'EXPIRED') => {
    rows.transactions = rows.transactions.map((one) => (one === authorization ? { ...one, status } : one));
  };

  /** Ends the steps that are still running, of one saga or of all. */
  const interrupt = (saga?: string) => {
    for (const [key, state] of rows.ledger) {
      const isConcerned = saga === undefined ? key !== 'notifyCustomer' : key.startsWith(`${saga} `);
      if (state === 'RUNNING' && isConcerned) rows.ledger.set(key, 'INTERRUPTED');
    }
  };

  const transition = (asked: OrderTransition) => {
    const { to, key, sagaState, paymentStatus, refundedMinor, steps, transactions } = withRefundsBefore(rows, asked);
    const { order, history } = rows;
    const from = order.status;
    const hasLeft = rows.items.some(({ shippedQuantity }) => shippedQuantity > 0);
    const isAllowed = allowedBefore(to).includes(from) && !(to === 'CANCELLED' && hasLeft);
    const applied = isAllowed && !rows.written.includes(key) && !history.some((row) => row.key === key);
    if (applied) {
      if (to === 'CANCELLED') order.paymentStatus = withoutRefund(rows);
      writeSteps(steps);
      if (to === 'CANCELLED') interrupt();
      writeTransactions(transactions);
      const held = to === 'CANCELLED' ? rows.transactions.filter(({ status }) => status === 'AUTHORIZED') : [];
      for (const authorization of held) end(authorization, 'VOIDED');
      history.push({ from, to, key });
      order.status = to;
      order.sagaState = sagaState;
      order.paymentStatus = paymentStatus ?? order.paymentStatus;
      order.refundedMinor = Math.min(refundedMinor ?? order.refundedMinor, order.amounts.totalMinor);
      order.isShort = false;
      if (to === 'SHIPPED') rows.items = rows.items.map((item) => ({ ...item, shippedQuantity: item.quantity }));
      watch.onSight(to);
    }
    return { applied, status: order.status };
  };

  return { rows, writeSteps, writeTransactions, interrupt, transition };
}

/** Where the money stands when a refund that was under way is given up. */
function withoutRefund({ order, transactions }: Rows['rows']): PaymentStatus {
  if (order.paymentStatus !== 'REFUNDING') return order.paymentStatus;
  if (order.refundedMinor > 0) return 'PARTIALLY_REFUNDED';
  const isCharged = transactions.some(({ kind, status }) => kind === 'CHARGE' && status === 'CAPTURED');
  return isCharged ? 'CAPTURED' : 'REFUNDING';
}

/** What a cancellation says was refunded holds what went back without goods before, which is on record by itself. */
function withRefundsBefore({ order, transactions }: Rows['rows'], asked: OrderTransition): OrderTransition {
  const beforeMinor = order.refundedMinor;
  if (asked.to !== 'CANCELLED' || asked.refundedMinor === undefined || beforeMinor === 0) return asked;
  const whole = asked.transactions?.find(({ idempotencyKey }) => idempotencyKey.endsWith(':refund'));
  const others = (asked.transactions ?? []).filter((one) => one !== whole);
  const amountMinor = Math.max((whole?.amountMinor ?? 0) - beforeMinor, 0);
  const amended = transactions.filter(({ idempotencyKey }) => isBesideTotal(idempotencyKey));
  return {
    ...asked,
    refundedMinor: sumRefunds(transactions) + amountMinor - sumRefunds(amended),
    transactions: whole && amountMinor > 0 ? [...others, { ...whole, amountMinor }] : others,
  };
}

/** Whether a refund is that of an amendment, or of a part of a payment another part of which was refused. */
function isBesideTotal(key: string): boolean {
  return key.includes(':refund:amend:') || /:refund:\d+:\d$/.test(key);
}

/** The order as a repository reads it from these rows. */
export function orderIn({ order, items: lines }: Rows['rows']): OrderWithItems {
  const { isShort, amounts: now, ...rest } = order;
  return { ...placed, ...now, ...rest, amendUntil: isShort ? new Date() : null, items: lines };
}

/** The name of a step alone for the saga that creates the order, after its saga's for any other. */
export function ledgerKey(step: SagaAction, saga: string = CREATE_SAGA): string {
  return saga === CREATE_SAGA ? step : `${saga} ${step}`;
}
