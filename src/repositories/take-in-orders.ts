import { sql } from 'kysely';
import { isEmpty, namesOf, unnestRows } from './column-rows.ts';
import type { Db } from './schema.ts';
import { orderNames, type TakenInRows } from './taken-in-columns.ts';

/**
 * Writes orders as they stood, with lines, history, money, shipment and idempotency key, and notes their outcome in the import, in one
 * statement: a process that dies in the middle has written all of it or nothing. Nothing is told of them: no event, no message. Returns
 * the ids of those that were written; one whose key is taken, or that the import no longer waits for, as it was cancelled, is left out,
 * and its outcome is not noted.
 */
export async function insertTakenInOrders(db: Db, importId: string, rows: TakenInRows): Promise<ReadonlySet<string>> {
  if (isEmpty(rows.orders)) return new Set();
  const written = await insertOrders(importId, rows).execute(db);
  return new Set(written.rows.map(({ id }) => id));
}

function insertOrders(importId: string, { orders, items, history, transactions, shipments }: TakenInRows) {
  return sql<{ id: string }>`
    with given as materialized (select * from ${unnestRows(orders)} as o(${namesOf(orders)})),
    -- Locked, so that whoever cancels the import finds them written or keeps them from being written; one by one, so that no plan looks
    -- through the whole import, which is new and of unknown size.
    waiting as materialized (
      select one.* from given, lateral (
        select o.position, o.ctid as at from import_orders as o
        where o.import_id = ${importId}::uuid and o.position = given.place and o.state = 'WAITING' for update
      ) as one
      -- One that has just changed, though it still waits, has a place that this statement does not see: it is left to the next attempt.
      where exists (select from import_orders as seen where seen.ctid = one.at)
    ),
    claim as (
      insert into idempotency_keys (subject, key, body_hash, order_id)
      select key_subject, key, body_hash, id from given where place in (select position from waiting)
      order by key_subject, key on conflict do nothing returning order_id
    ),
    written as (
      insert into orders (${orderNames})
      select ${orderNames} from given where id in (select order_id from claim)
      returning id
    ),
    items as (
      insert into order_items (${namesOf(items)})
      select * from ${unnestRows(items)} as i(${namesOf(items)}) where order_id in (select id from written)
    ),
    history as (
      insert into order_status_history (${namesOf(history)})
      select * from ${unnestRows(history)} as h(${namesOf(history)}) where order_id in (select id from written)
    ),
    transactions as (
      insert into order_payment_transactions (${namesOf(transactions)})
      select * from ${unnestRows(transactions)} as t(${namesOf(transactions)}) where order_id in (select id from written)
    ),
    shipments as (
      insert into order_shipments (${namesOf(shipments)})
      select * from ${unnestRows(shipments)} as s(${namesOf(shipments)}) where order_id in (select id from written)
    ),
    -- At the place where it was found and locked: joined by their positions, each was compared with all others.
    outcomes as (
      update import_orders as o set state = given.outcome, order_id = given.id, takes_stock = false
      from waiting join given on given.place = waiting.position
      where o.ctid = waiting.at and given.id in (select id from written)
    )
    select id from written`;
}
