import { sql, type RawBuilder } from 'kysely';

/** In a query: the number of the order with this id, also of an archived one; null where there is none. */
export function selectOrderNumber(id: RawBuilder<string | null>): RawBuilder<string | null> {
  return sql`coalesce((select order_number from orders where id = ${id}), (select order_number from archive.orders where id = ${id}))`;
}
