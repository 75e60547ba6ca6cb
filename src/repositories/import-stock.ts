import { sql } from 'kysely';
import type { ImportOrder } from '../domain/import.ts';
import type { Db } from './schema.ts';

/** Notes that the goods of these orders are about to be taken out of stock; returns the positions of those that still wait: the others are cancelled. */
export async function noteStock(db: Db, importId: string, positions: readonly number[]): Promise<ReadonlySet<number>> {
  const rows = await db
    .updateTable('import_orders')
    .set({ takes_stock: true })
    .where('import_id', '=', importId)
    .where('position', '=', sql<number>`any(${positions}::integer[])`)
    .where('state', '=', 'WAITING')
    .returning('position')
    .execute();
  return new Set(rows.map(({ position }) => position));
}

/** Up to `limit` orders of an import that are not written and will not be, and whose goods may have been taken. */
export async function findUnwrittenStock(
  db: Db,
  importId: string,
  limit: number,
): Promise<Pick<ImportOrder, 'position' | 'reference'>[]> {
  return db
    .selectFrom('import_orders')
    .select(['position', 'reference'])
    .where('import_id', '=', importId)
    .where('takes_stock', '=', true)
    .where('state', 'in', ['FAILED', 'REPEATED', 'CANCELLED'])
    .orderBy('position')
    .limit(limit)
    .execute();
}

/** Notes that the goods of these orders are back in stock. */
export async function noteStockReleased(db: Db, importId: string, positions: readonly number[]): Promise<void> {
  await db
    .updateTable('import_orders')
    .set({ takes_stock: false })
    .where('import_id', '=', importId)
    .where('position', '=', sql<number>`any(${positions}::integer[])`)
    .execute();
}
