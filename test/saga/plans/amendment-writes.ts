import type { AmendmentPlan } from '../../../src/domain/amendment.ts';
import type { OrderItem } from '../../../src/domain/order.ts';
import type { AmendmentRecord, NewAmendment } from '../../../src/repositories/amendments.ts';
import type { Network } from './network.ts';
import { orderIn, type AmendmentRow, type ProjectionWatcher, type Rows } from './rows.ts';

/** What the repository of amendments does, on rows in memory. */
export function createAmendmentWrites(network: Network, { rows, writeSteps }: Rows, watch: ProjectionWatcher) {
  const { order, amendments } = rows;

  const plan = ({ commandId, amend }: NewAmendment): AmendmentPlan => {
    const known = amendments.find((one) => one.commandId === commandId);
    if (known) return toPlan(known);
    const amended = amend(orderIn(rows));
    const number = amendments.length + 1;
    const differenceMinor = amended.totalMinor - order.amounts.totalMinor;
    const row: AmendmentRow = { ...amended, number, commandId, before: rows.items, differenceMinor, state: 'PLANNED' };
    amendments.push(row);
    order.sagaState = 'RUNNING';
    return toPlan(row);
  };

  const record = ({ number, state, steps }: AmendmentRecord): void => {
    const row = amendments.find((one) => one.number === number && one.state === 'PLANNED');
    if (!row) return;
    row.state = state;
    writeSteps(steps);
    order.sagaState = order.status === 'PENDING' ? 'RUNNING' : state === 'DONE' ? 'COMPLETED' : 'COMPENSATED';
    if (state === 'FAILED') return;
    const { subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = row;
    rows.items = row.items;
    order.amounts = { subtotalMinor, discountMinor, taxMinor, shippingMinor, totalMinor };
    order.isShort = false;
  };

  const recordShortage = ({ key }: { readonly key: string }): void => {
    if (order.status !== 'PENDING' || rows.written.includes(key)) return;
    rows.written.push(key);
    order.isShort = true;
    watch.onSight('SHORT');
  };

  return {
    planAmendment: (wanted: NewAmendment) => network.call('planAmendment', () => plan(wanted)),
    recordAmendment: (written: AmendmentRecord) => network.call('recordAmendment', () => record(written)),
    recordShortage: (shortage: { readonly key: string }) =>
      network.call('recordShortage', () => recordShortage(shortage)),
  };
}

function linesOf(items: readonly OrderItem[]): AmendmentPlan['linesBefore'] {
  return items.map(({ sku, quantity }) => ({ sku, quantity }));
}

function toPlan({ number, before, items, differenceMinor, totalMinor, state }: AmendmentRow): AmendmentPlan {
  const plan = { number, linesBefore: linesOf(before), linesAfter: linesOf(items), differenceMinor, totalMinor };
  return state === 'PLANNED' ? plan : { ...plan, ended: state };
}
