import {
  leftToRefund,
  parseRefundAmount,
  requireRefundable,
  toOpenRefund,
  type AmountRefund,
  type OpenRefund,
} from '../../../src/domain/amount-refund.ts';
import type { OrderStatus } from '../../../src/domain/order-status.ts';
import { keyReused } from '../../../src/domain/refusal.ts';
import { paymentStatusAfter } from '../../../src/domain/return-items.ts';
import type { RefundPaymentRequest } from '../../../src/orders/open-refund.ts';
import type { RefundRecord } from '../../../src/orders/record-refund.ts';
import type { Calls } from './network.ts';
import { orderIn, type Rows } from './rows.ts';

/** What the use cases of refunding an amount do, on rows in memory. */
export function createRefundWrites(network: Calls, { rows, writeSteps, writeTransactions }: Rows) {
  const { order, refunds } = rows;

  const open = (request: RefundPaymentRequest): OpenRefund => {
    const { id, orderId, amount = '', notifies, actor, reason } = request;
    const known = refunds.find((one) => one.id === id);
    const amountMinor = parseRefundAmount(amount, 'EUR');
    if (known && known.amountMinor !== amountMinor) throw keyReused(orderId);
    if (known) return toOpenRefund(known);
    requireRefundable({ ...moneyOf(rows), promisedMinor: promisedMinor(rows) }, amountMinor);
    const asked = { id, orderId, amountMinor, notifies, actor, reason, number: refunds.length + 1 };
    const opened: AmountRefund = { ...asked, state: 'OPEN', refundedMinor: 0, replaces: null };
    refunds.push(opened);
    if (order.sagaState === 'COMPLETED' || order.sagaState === 'COMPENSATED') order.sagaState = 'RUNNING';
    return toOpenRefund(opened);
  };

  const end = ({ refundId, state, steps, refundedMinor: nowMinor, transactions }: RefundRecord): OrderStatus => {
    const ended = refunds.find(({ id }) => id === refundId);
    if (ended?.state !== 'OPEN') return order.status;
    refunds.splice(refunds.indexOf(ended), 1, { ...ended, state, refundedMinor: nowMinor });
    writeSteps(steps);
    writeTransactions(transactions);
    const refundedMinor = Math.min(order.refundedMinor + nowMinor, order.amounts.totalMinor);
    const sagaState = order.status === 'CANCELLED' ? 'COMPENSATED' : 'COMPLETED';
    const paymentStatus = paymentStatusAfter(orderIn(rows), refundedMinor);
    Object.assign(order, { refundedMinor, paymentStatus, sagaState });
    return order.status;
  };

  return {
    openRefund: (request: RefundPaymentRequest) => network.call('openRefund', () => open(request)),
    recordRefund: (record: RefundRecord) => network.call('recordRefund', () => end(record)),
    sumOpenRefunds: () => network.call('findBooks', () => openMinor(rows)),
  };
}

/** What is left to refund for a return whose goods are back. */
export function leftForReturn(rows: Rows['rows']): number {
  return leftToRefund({ ...moneyOf(rows), promisedMinor: promisedMinor(rows) });
}

function moneyOf(rows: Rows['rows']) {
  return { order: orderIn(rows), transactions: rows.transactions };
}

function promisedMinor(rows: Rows['rows']): number {
  const returns = rows.returns.filter(({ state }) => state === 'RESTOCKED');
  const amendments = rows.amendments.filter(({ state, differenceMinor }) => state === 'PLANNED' && differenceMinor < 0);
  return (
    openMinor(rows) +
    returns.reduce((sum, { refundMinor }) => sum + refundMinor, 0) -
    amendments.reduce((sum, { differenceMinor }) => sum + differenceMinor, 0)
  );
}

function openMinor({ refunds }: Rows['rows']): number {
  return refunds.reduce((sum, { state, amountMinor }) => (state === 'OPEN' ? sum + amountMinor : sum), 0);
}
