import { findPlacedImportOrders } from '../repositories/import-orders.ts';
import type { Db } from '../repositories/schema.ts';
import { OutcomeJournal } from './outcome-journal.ts';

/** Orders read with one query. */
const PAGE = 500;

/** Reads once all orders of an import that were placed and not settled, records what has become of them, and returns how many are still open. */
export async function settleOrders(db: Db, importId: string): Promise<number> {
  let open = 0;
  for (let after = -1; ;) {
    const page = await findPlacedImportOrders(db, importId, after, PAGE);
    const last = page.at(-1);
    if (!last) return open;
    const journal = new OutcomeJournal(db, importId);
    for (const { position, orderId } of page) journal.watch(position, orderId);
    open += page.length - (await journal.update());
    after = last.position;
  }
}
