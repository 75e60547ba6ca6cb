import { amendOrder } from '../../../src/domain/amend-order.ts';
import { planOf, refundedAfterAmendment, sagaStateAfter, type AmendmentPlan } from '../../../src/domain/amendment.ts';
import type { OrderStatus } from '../../../src/domain/order-status.ts';
import { leavesNothingToShip } from '../../../src/domain/ship-items.ts';
import { sagaName } from '../../../src/domain/saga.ts';
import type { AmendmentRequest } from '../../../src/orders/record-amendment-plan.ts';
import type { AmendmentRecord } from '../../../src/orders/record-amendment.ts';
import type { Shortage } from '../../../src/orders/record-shortage.ts';
import type { Calls } from './network.ts';
import { orderIn, type AmendmentRow, type ProjectionWatcher, type Rows } from './rows.ts';

/** What the use cases of amending do, on rows in memory. */
export function createAmendmentWrites(
  network: Calls,
  { rows, writeSteps, writeTransactions, interrupt, transition }: Rows,
  watch: ProjectionWatcher,
) {
  const { order, amendments } = rows;

  const plan = ({ orderId, command, facts, rules }: AmendmentRequest): AmendmentPlan => {
    const { command_id: commandId, actor, reason } = command;
    const known = amendments.find((one) => one.commandId === commandId);
    if (known) return planOf(known, rows.items);
    const amended = amendOrder(orderIn(rows), command, facts, rules);
    const differenceMinor = amended.amounts.totalMinor - order.amounts.totalMinor;
    const by = { orderId, number: amendments.length + 1, commandId, actor, reason };
    const planned = { ...amended, differenceMinor, before: rows.items };
    const amendment: AmendmentRow = { ...by, ...planned, state: 'PLANNED' };
    amendments.push(amendment);
    order.sagaState = 'RUNNING';
    return planOf(amendment, rows.items);
  };

  const record = ({ orderId, number, state, steps, transactions, paymentStatus }: AmendmentRecord): OrderStatus => {
    const ended = amendments.find((one) => one.number === number && one.state === 'PLANNED');
    if (!ended) return order.status;
    amendments.splice(amendments.indexOf(ended), 1, { ...ended, state });
    writeSteps(steps);
    if (state === 'FAILED') interrupt(sagaName('amend', number));
    writeTransactions(transactions);
    const sagaState = sagaStateAfter(state, order.status);
    order.sagaState = sagaState;
    if (state === 'FAILED') return order.status;
    const isAllShipped = leavesNothingToShip(orderIn(rows), ended.items);
    rows.items = ended.items;
    order.amounts = ended.amounts;
    Object.assign(order, refundedAfterAmendment(order, ended.amounts.totalMinor));
    order.taxRate = ended.taxRate;
    order.shippingAddress = ended.details?.shippingAddress ?? order.shippingAddress;
    order.isShort = false;
    if (!isAllShipped) return order.status;
    const shipped = { orderId, to: 'SHIPPED', key: `shipped:amended:${number}`, actor: 'test', sagaState } as const;
    return transition({ ...shipped, paymentStatus }).status;
  };

  const recordShortage = ({ key, progress, transactions }: Shortage): void => {
    if (order.status !== 'PENDING' || rows.written.includes(key) || rows.history.some((row) => row.key === key)) return;
    rows.written.push(key);
    writeSteps(progress.steps);
    writeTransactions(transactions);
    order.isShort = true;
    watch.onSight('SHORT');
  };

  return {
    recordAmendmentPlan: (request: AmendmentRequest) => network.call('planAmendment', () => plan(request)),
    recordAmendment: (written: AmendmentRecord) => network.call('recordAmendment', () => record(written)),
    recordShortage: (shortage: Shortage) => network.call('recordShortage', () => recordShortage(shortage)),
  };
}
