import { amendOrder } from '../../../src/domain/amend-order.ts';
import { planOf, sagaStateAfter, type AmendmentPlan } from '../../../src/domain/amendment.ts';
import type { AmendmentRequest } from '../../../src/orders/record-amendment-plan.ts';
import type { AmendmentRecord } from '../../../src/orders/record-amendment.ts';
import type { Shortage } from '../../../src/orders/record-shortage.ts';
import type { Calls } from './network.ts';
import { orderIn, type AmendmentRow, type ProjectionWatcher, type Rows } from './rows.ts';

/** What the use cases of amending do, on rows in memory. */
export function createAmendmentWrites(network: Calls, { rows, writeSteps }: Rows, watch: ProjectionWatcher) {
  const { order, amendments } = rows;

  const plan = ({ orderId, command, product, rules }: AmendmentRequest): AmendmentPlan => {
    const { command_id: commandId, actor, reason } = command;
    const known = amendments.find((one) => one.commandId === commandId);
    if (known) return planOf(known, rows.items);
    const { items, ...amounts } = amendOrder(orderIn(rows), command, product, rules);
    const differenceMinor = amounts.totalMinor - order.amounts.totalMinor;
    const by = { orderId, number: amendments.length + 1, commandId, actor, reason };
    const planned = { items, amounts, differenceMinor, before: rows.items };
    const amendment: AmendmentRow = { ...by, ...planned, state: 'PLANNED' };
    amendments.push(amendment);
    order.sagaState = 'RUNNING';
    return planOf(amendment, rows.items);
  };

  const record = ({ number, state, steps }: AmendmentRecord): void => {
    const ended = amendments.find((one) => one.number === number && one.state === 'PLANNED');
    if (!ended) return;
    amendments.splice(amendments.indexOf(ended), 1, { ...ended, state });
    writeSteps(steps);
    order.sagaState = sagaStateAfter(state, order.status);
    if (state === 'FAILED') return;
    rows.items = ended.items;
    order.amounts = ended.amounts;
    order.isShort = false;
  };

  const recordShortage = ({ key }: Shortage): void => {
    if (order.status !== 'PENDING' || rows.written.includes(key)) return;
    rows.written.push(key);
    order.isShort = true;
    watch.onSight('SHORT');
  };

  return {
    recordAmendmentPlan: (request: AmendmentRequest) => network.call('planAmendment', () => plan(request)),
    recordAmendment: (written: AmendmentRecord) => network.call('recordAmendment', () => record(written)),
    recordShortage: (shortage: Shortage) => network.call('recordShortage', () => recordShortage(shortage)),
  };
}
