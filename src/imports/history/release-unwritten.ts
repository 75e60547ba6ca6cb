import pLimit from 'p-limit';
import type { Gateways } from '../../gateways/index.ts';
import { findUnwrittenStock, noteStockReleased } from '../../repositories/import-stock.ts';
import type { Db } from '../../repositories/schema.ts';
import { takenInId } from './prepare-order.ts';

/** What goods are returned to stock with. */
export interface ReleaseDependencies {
  readonly db: Db;
  readonly gateways: Pick<Gateways, 'inventory'>;
}

/** Calls of the inventory at the same time: it leaves the service to others. */
const RELEASED_AT_ONCE = 8;

/** Orders whose goods are released between two statements. */
const PAGE = 500;

/**
 * Returns to stock what an import took, or may have taken, for orders that failed, were cancelled or are on record already, and forbids
 * taking it later: no attempt can write these orders any more, whichever died or still runs. Rejects when the inventory or the
 * database is away; calling again is safe.
 */
export async function releaseUnwritten(
  { db, gateways: { inventory } }: ReleaseDependencies,
  importId: string,
): Promise<void> {
  const limit = pLimit(RELEASED_AT_ONCE);
  for (;;) {
    const orders = await findUnwrittenStock(db, importId, PAGE);
    if (orders.length === 0) return;
    await Promise.all(orders.map(({ reference }) => limit(() => inventory.release(takenInId(importId, reference)))));
    await noteStockReleased(
      db,
      importId,
      orders.map(({ position }) => position),
    );
  }
}
