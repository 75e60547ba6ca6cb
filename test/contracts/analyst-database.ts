import { join } from 'node:path';
import { orderStatuses } from '../../src/domain/order-status.ts';
import { openAnalytics } from '../../src/repositories/analytics.ts';
import { writeLedger } from '../../src/repositories/ledger.ts';
import { chargeOf, openOrders, orderIn } from '../repositories/orders.ts';

/** The contract of what analysts may read. */
export const contractFile = join(import.meta.dirname, '../../docs/contracts/orders.odcs.yaml');

/** The role that analysts of a test read as. */
export const analystRole = { name: 'analyst', password: 'analyst-of-a-test-run' };

/** Opens a database with an order of every status, each with its charge, that analysts may read; `key` is what customers are hashed with. */
export async function openAnalystDatabase(key?: string): ReturnType<typeof openOrders> {
  const orders = await openOrders();
  await openAnalytics(orders.db, { role: analystRole, key });
  for (const status of orderStatuses) {
    const id = await orderIn(orders.db, status);
    await writeLedger(orders.db, id, [], [chargeOf(id)]);
  }
  return orders;
}
