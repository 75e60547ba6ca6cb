import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** An order as its shop names it: by its number there, and by the system that it is of. */
export interface ShopReference {
  readonly reference: string;
  readonly source: string | null;
}

/**
 * The ids of the orders on record under these references, those in the archive among them: the one that `service` has placed or taken in, or
 * else one of somebody else's; `undefined` where there is none.
 */
export async function findReferencedOrders(
  db: Db,
  service: string,
  wanted: readonly ShopReference[],
): Promise<readonly (string | undefined)[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<{ nth: number; id: string }>`
    select w.nth, found.id
    from unnest(${wanted.map(({ reference }) => reference)}::text[], ${wanted.map(({ source }) => source)}::text[])
      with ordinality as w(reference, source, nth),
    lateral (
      select id from (
        -- Each "offset 0" keeps what is in front of it a step of its own: one order is looked up by its text, then by its id. Joined freely, a
        -- plan may look through all orders of the service for each reference.
        select o.id, o.placed_by_service from (select order_id from order_search where term = search_fold(w.reference) offset 0) as s,
          lateral (
            select id, placed_by_service from orders
            where id = s.order_id and reference = w.reference and source is not distinct from w.source offset 0
          ) as o
        union all
        select a.id, a.placed_by_service from archive.orders a
        where a.reference = w.reference and a.source is not distinct from w.source
      ) as any_of order by placed_by_service = ${service} desc nulls last limit 1
    ) as found`.execute(db);
  const found = new Map(rows.map(({ nth, id }) => [nth, id]));
  return wanted.map((_, index) => found.get(index + 1));
}
