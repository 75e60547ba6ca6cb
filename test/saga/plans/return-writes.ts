import { refundDueMinor } from '../../../src/domain/order-refunds.ts';
import type { ItemQuantity, OpenReturn } from '../../../src/domain/order-return.ts';
import type { NewReturn, OpenOutcome, RefundDue, ReturnRecord } from '../../../src/repositories/returns.ts';
import type { StepRecord } from '../../../src/domain/saga.ts';
import type { NewShipment, ShipmentOutcome } from '../../../src/repositories/shipments.ts';
import { returnedLines } from './by-hand.ts';
import type { Network } from './network.ts';
import type { ProjectionWatcher, ReturnRow, Rows } from './rows.ts';

/** What the repositories of shipments and returns do, on rows in memory. */
export function createReturnWrites(network: Network, { rows, writeSteps, transition }: Rows, watch: ProjectionWatcher) {
  const { order, returns } = rows;

  const ship = ({ key, items }: NewShipment): ShipmentOutcome => {
    const { status } = order;
    if (rows.written.includes(key)) return { outcome: 'recorded', status };
    if (status !== 'PROCESSING') return { outcome: 'too late', status };
    const left = rows.items.map(({ id, quantity, shippedQuantity }) => ({ id, left: quantity - shippedQuantity }));
    const isTooMuch = ({ item_id: id, quantity }: ItemQuantity) =>
      quantity > (left.find((one) => one.id === id)?.left ?? 0);
    if (items.some(isTooMuch)) return { outcome: 'impossible', problem: 'too much' };
    if (left.every((one) => quantityIn(items, one.id) === one.left)) return { outcome: 'last', status };
    rows.written.push(key);
    count('shippedQuantity', items, 1);
    watch.onSight('PARTLY_SHIPPED');
    return { outcome: 'recorded', status };
  };

  const open = ({ id, items }: NewReturn): OpenOutcome => {
    const known = returns.find((one) => one.id === id);
    if (known) return { outcome: 'open', opened: toOpen(known) };
    if (order.status !== 'DELIVERED') return { outcome: 'not delivered', status: order.status };
    const line = items.findIndex(({ item_id: itemId, quantity }) => {
      const item = rows.items.find((one) => one.id === itemId);
      return !item || quantity > item.shippedQuantity - item.returnedQuantity;
    });
    if (line !== -1) return { outcome: 'impossible', problem: 'too much', line };
    count('returnedQuantity', items, 1);
    const row: ReturnRow = { id, number: returns.length + 1, items, state: 'OPEN', refundMinor: 0, isWhole: false };
    returns.push(row);
    order.sagaState = 'RUNNING';
    return { outcome: 'open', opened: toOpen(row) };
  };

  const restock = ({ returnId, steps }: { returnId: string; steps: readonly StepRecord[] }): RefundDue => {
    const row = returns.find((one) => one.id === returnId)!;
    if (row.state !== 'OPEN') return { status: order.status, refundMinor: row.refundMinor, isWhole: row.isWhole };
    const before = quantitiesOf(returns.filter(isBack));
    const after = quantitiesOf(returns.filter((one) => isBack(one) || one === row));
    const sold = { items: rows.items, ...order.amounts };
    row.refundMinor = refundDueMinor(sold, after) - refundDueMinor(sold, before);
    row.isWhole = rows.items.every(({ id, quantity }) => after[id] === quantity);
    row.state = 'RESTOCKED';
    writeSteps(steps);
    if (row.isWhole) {
      transition({ orderId: 'o1', to: 'RETURNED', key: 'returned', actor: 'test', sagaState: 'RUNNING' });
    }
    return { status: order.status, refundMinor: row.refundMinor, isWhole: row.isWhole };
  };

  const end = ({ returnId, state, steps }: ReturnRecord) => {
    const row = returns.find((one) => one.id === returnId)!;
    if (row.state !== 'OPEN' && row.state !== 'RESTOCKED') return order.status;
    row.state = state;
    if (state === 'REJECTED') count('returnedQuantity', row.items, -1);
    writeSteps(steps);
    if (state === 'REFUNDED') order.refundedMinor += row.refundMinor;
    if (order.refundedMinor >= order.amounts.totalMinor) order.paymentStatus = 'REFUNDED';
    else if (order.refundedMinor > 0) order.paymentStatus = 'PARTIALLY_REFUNDED';
    else if (order.paymentStatus === 'REFUNDING') order.paymentStatus = 'CAPTURED';
    order.sagaState = state === 'REJECTED' ? 'COMPENSATED' : 'COMPLETED';
    if (row.isWhole && state === 'REFUNDED') {
      transition({ orderId: 'o1', to: 'REFUNDED', key: 'refunded', actor: 'test', sagaState: 'COMPLETED' });
    }
    return order.status;
  };

  function count(field: 'shippedQuantity' | 'returnedQuantity', items: readonly ItemQuantity[], sign: 1 | -1): void {
    rows.items = rows.items.map((item) => ({ ...item, [field]: item[field] + sign * quantityIn(items, item.id) }));
  }

  function toOpen({ id, number, items, refundMinor, isWhole, state }: ReturnRow): OpenReturn {
    const lines = returnedLines(rows, items);
    return {
      id,
      number,
      lines,
      refundMinor,
      isWhole,
      isRestocked: state === 'RESTOCKED',
      isRejected: state === 'REJECTED',
    };
  }

  return {
    recordShipment: (shipment: NewShipment) => network.call('recordShipment', () => ship(shipment)),
    openReturn: (wanted: NewReturn) => network.call('openReturn', () => open(wanted)),
    recordRestock: (record: Parameters<typeof restock>[0]) => network.call('recordRestock', () => restock(record)),
    recordReturn: (record: ReturnRecord) => network.call('recordReturn', () => end(record)),
  };
}

/** How many units of each line some returns bring back. */
function quantitiesOf(returns: readonly ReturnRow[]): Record<string, number> {
  const quantities: Record<string, number> = {};
  for (const { item_id: id, quantity } of returns.flatMap(({ items }) => items)) {
    quantities[id] = (quantities[id] ?? 0) + quantity;
  }
  return quantities;
}

function quantityIn(items: readonly ItemQuantity[], id: string): number {
  return items.find((one) => one.item_id === id)?.quantity ?? 0;
}

function isBack({ state }: ReturnRow): boolean {
  return state !== 'OPEN' && state !== 'REJECTED';
}
