import {
  toOpenReturn,
  type ItemQuantity,
  type OpenReturn,
  type OrderReturn,
} from '../../../src/domain/order-return.ts';
import type { OrderStatus } from '../../../src/domain/order-status.ts';
import { keyReused } from '../../../src/domain/refusal.ts';
import { isSameReturn, paymentStatusAfter, refundOf, requireReturnable } from '../../../src/domain/return-items.ts';
import { isLastShipment } from '../../../src/domain/ship-items.ts';
import type { ReturnRequest } from '../../../src/orders/open-return.ts';
import type { CapturedPart } from '../../../src/orders/record-shipment.ts';
import type { RefundDue, RestockRecord } from '../../../src/orders/record-restock.ts';
import type { ReturnRecord } from '../../../src/orders/record-return.ts';
import type { NewShipment } from '../../../src/repositories/shipments.ts';
import type { Calls } from './network.ts';
import { leftForReturn } from './refund-writes.ts';
import { orderIn, type ProjectionWatcher, type Rows } from './rows.ts';

/** What the use cases of shipping and returning do, on rows in memory. */
export function createReturnWrites(
  network: Calls,
  { rows, writeSteps, writeTransactions, transition }: Rows,
  watch: ProjectionWatcher,
) {
  const { order, returns } = rows;

  const ship = ({ key, items, transactions, paymentStatus }: NewShipment & CapturedPart): { isLast: boolean } => {
    if (rows.written.includes(key)) return { isLast: false };
    if (rows.history.some((row) => row.key === key)) return { isLast: true };
    if (isLastShipment(orderIn(rows), items)) return { isLast: true };
    rows.written.push(key);
    writeTransactions(transactions);
    if (paymentStatus) order.paymentStatus = paymentStatus;
    count('shippedQuantity', items, 1);
    watch.onSight('PARTLY_SHIPPED');
    return { isLast: false };
  };

  const open = ({ id, orderId, items, actor, reason, windowMs }: ReturnRequest): OpenReturn => {
    const known = returns.find((one) => one.id === id);
    if (known && !isSameReturn(known.items, items)) throw keyReused(orderId);
    if (known) return toOpenReturn(known, rows.items);
    requireReturnable(orderIn(rows), items, { now: new Date(), windowMs });
    count('returnedQuantity', items, 1);
    const asked = { id, orderId, items, actor, reason, number: returns.length + 1 };
    const opened: OrderReturn = { ...asked, state: 'OPEN', refundMinor: 0, isWhole: false };
    returns.push(opened);
    order.sagaState = 'RUNNING';
    return toOpenReturn(opened, rows.items);
  };

  const restock = ({ orderId, returnId, steps }: RestockRecord): RefundDue => {
    const restocked = find(returnId);
    if (restocked.state !== 'OPEN') {
      return { status: order.status, refundMinor: restocked.refundMinor, isWhole: restocked.isWhole };
    }
    const refund = refundOf(orderIn(rows), returns, restocked, leftForReturn(rows));
    change(restocked, { ...refund, state: 'RESTOCKED' });
    writeSteps(steps);
    if (refund.isWhole) transition({ orderId, to: 'RETURNED', key: 'returned', actor: 'test', sagaState: 'RUNNING' });
    return { status: order.status, ...refund };
  };

  const end = ({
    orderId,
    returnId,
    state,
    steps,
    refundedMinor: nowMinor,
    transactions,
  }: ReturnRecord): OrderStatus => {
    const ended = find(returnId);
    if (ended.state !== 'OPEN' && ended.state !== 'RESTOCKED') return order.status;
    change(ended, { state });
    if (state === 'REJECTED') count('returnedQuantity', ended.items, -1);
    writeSteps(steps);
    writeTransactions(transactions);
    const refundedMinor = Math.min(order.refundedMinor + nowMinor, order.amounts.totalMinor);
    const money = { refundedMinor, paymentStatus: paymentStatusAfter(orderIn(rows), refundedMinor) };
    if (ended.isWhole && state === 'REFUNDED') {
      const by = { key: 'refunded', actor: 'test', sagaState: 'COMPLETED' } as const;
      transition({ orderId, to: 'REFUNDED', ...by, ...money });
    } else {
      Object.assign(order, { ...money, sagaState: state === 'REJECTED' ? 'COMPENSATED' : 'COMPLETED' });
    }
    return order.status;
  };

  function find(returnId: string): OrderReturn {
    const found = returns.find(({ id }) => id === returnId);
    if (!found) throw new Error(`no return ${returnId}`);
    return found;
  }

  function change(from: OrderReturn, to: Partial<OrderReturn>): void {
    returns.splice(returns.indexOf(from), 1, { ...from, ...to });
  }

  function count(field: 'shippedQuantity' | 'returnedQuantity', items: readonly ItemQuantity[], sign: 1 | -1): void {
    const quantityOf = (id: string) => items.find((one) => one.item_id === id)?.quantity ?? 0;
    rows.items = rows.items.map((item) => ({ ...item, [field]: item[field] + sign * quantityOf(item.id) }));
  }

  return {
    recordShipment: (shipment: NewShipment & CapturedPart) => network.call('recordShipment', () => ship(shipment)),
    openReturn: (request: ReturnRequest) => network.call('openReturn', () => open(request)),
    recordRestock: (record: RestockRecord) => network.call('recordRestock', () => restock(record)),
    recordReturn: (record: ReturnRecord) => network.call('recordReturn', () => end(record)),
  };
}
