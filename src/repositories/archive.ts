import { sql } from 'kysely';
import type { Order, OrderWithItems } from '../domain/order.ts';
import { isUuid } from '../domain/uuid.ts';
import { findOrder, findOrderWithItems } from './order-repository.ts';
import type { Db } from './schema.ts';

/**
 * Moves up to `limit` closed orders that were last changed longer than `keepMs` ago, and no less than thirty days, into the archive, with all that
 * hangs on them; returns how many. An order that waits for anybody or anything stays. Safe to run from several processes at once.
 */
export async function archiveOrders(db: Db, keepMs: number, limit: number): Promise<number> {
  const { rows } = await sql<{ moved: number }>`
    select archive_orders(${keepMs}::double precision * interval '1 millisecond', ${limit}) as moved`.execute(db);
  return rows[0]?.moved ?? 0;
}

/** Runs `read` so that its queries read the archive instead of the orders that may still change. */
export async function readArchive<T>(db: Db, read: (archive: Db) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (archive) => {
    await sql`set local search_path to archive, public`.execute(archive);
    return read(archive);
  });
}

/** An archived order by its id or order number. */
export async function findArchivedOrder(db: Db, idOrNumber: string): Promise<OrderWithItems | undefined> {
  const key = sql.raw(isUuid(idOrNumber) ? 'id' : 'order_number');
  // Most of what is not found is not in the archive either: that takes one statement.
  const { rows } = await sql`select from archive.orders where ${key} = ${idOrNumber}`.execute(db);
  return rows.length === 0 ? undefined : readArchive(db, (archive) => findOrderWithItems(archive, idOrNumber));
}

/** An order that may still change, or an archived one; `undefined` for an id of neither, or that is none. */
export async function findOrderOrArchived(db: Db, id: string): Promise<Order | undefined> {
  return isUuid(id) ? ((await findOrder(db, id)) ?? (await findArchivedOrder(db, id))) : undefined;
}
