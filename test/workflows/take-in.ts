import type { FileOrder } from '../../src/domain/file-order.ts';
import { takeInOrder } from '../../src/domain/take-in-order.ts';
import { insertTakenInOrders } from '../../src/repositories/take-in-orders.ts';
import { insertWaitingOrders } from '../imports/waiting-orders.ts';
import { createTakenInRows } from '../../src/repositories/taken-in-columns.ts';
import { addOrder } from '../../src/repositories/taken-in-rows.ts';
import { fileOrder, lineOf } from '../imports/file-orders.ts';
import type { SagaRig } from '../setup/saga-rig.ts';

/** Takes an order of one's own goods in, as a file of another system states it, and has its workflow started if it is open. */
export async function takeIn(rig: SagaRig, more: Partial<FileOrder> = {}) {
  const reference = crypto.randomUUID();
  const sku = `sku-${reference}`;
  await rig.product(sku, 100);
  const file = fileOrder({ reference, lines: [lineOf(sku, 1_250, 2)], totalMinor: 2_500, ...more });
  const order = takeInOrder(file, 'wait', new Date());
  const [id, itemId] = [crypto.randomUUID(), crypto.randomUUID()];
  const taken = {
    id,
    position: 0,
    customerId: 'alice',
    file,
    order,
    itemIds: [itemId],
    reservationId: null,
    metadata: {},
  };
  const key = { subject: 'shop', key: reference, bodyHash: '' };
  const by = { importId: crypto.randomUUID(), actor: 'service:shop', subject: 'shop' };
  await insertWaitingOrders(rig.db, by.importId, [reference]);
  const rows = createTakenInRows();
  addOrder(rows, { ...taken, key }, by);
  await insertTakenInOrders(rig.db, by.importId, rows);
  if (order.isOpen) await rig.commands.takeOn(id);
  return { id, sku, itemId };
}
