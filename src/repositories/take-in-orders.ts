import { sql } from 'kysely';
import type { Db } from './schema.ts';
import { givenFields, givenNames, itemFields, itemNames, itemValues, orderNames } from './taken-in-columns.ts';
import type { TakenInBy, WrittenOrder } from './taken-in-rows.ts';

/**
 * Writes orders as they stood, with lines, history, money, shipment and idempotency key, and notes their outcome in the import, in one
 * statement: a process that dies in the middle has written all of it or nothing. Nothing is told of them: no event, no message. Returns
 * the ids of those that were written; one whose key is taken, or that the import no longer waits for, as it was cancelled, is left out,
 * and its outcome is not noted.
 */
export async function insertTakenInOrders(
  db: Db,
  by: TakenInBy,
  orders: readonly WrittenOrder[],
): Promise<ReadonlySet<string>> {
  if (orders.length === 0) return new Set();
  const { rows } = await insertOrders(by, orders).execute(db);
  return new Set(rows.map(({ id }) => id));
}

function insertOrders(by: TakenInBy, orders: readonly WrittenOrder[]) {
  const given = `[${orders.map(({ json }) => json).join()}]`;
  return sql<{ id: string }>`
    with given as materialized (select ${givenNames} from jsonb_to_recordset(${given}::jsonb) as o(${givenFields})),
    -- Locked, so that whoever cancels the import finds them written or keeps them from being written; one by one, so that no plan looks
    -- through the whole import, which is new and of unknown size.
    waiting as materialized (
      select one.position from given, lateral (
        select o.position from import_orders as o
        where o.import_id = ${by.importId}::uuid and o.position = given.place and o.state = 'WAITING' for update
      ) as one
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
      insert into order_items (order_id, ${itemNames}) select written.id, ${itemValues} from written join given using (id),
        jsonb_to_recordset(items) as i(${itemFields})
    ),
    history as (
      insert into order_status_history (order_id, version, change, from_status, to_status, actor, reason, transition_key, at)
      select written.id, h.version, 'STATUS', h.from_status, h.to_status, ${by.actor}::text, h.reason, h.transition_key, h.at
      from written join given using (id), jsonb_to_recordset(history) as h(version integer, from_status text, to_status text,
        reason text, transition_key text, at timestamptz)
    ),
    transactions as (
      insert into order_payment_transactions (idempotency_key, order_id, kind, status, payment_id, amount_minor, currency, payment_method,
        provider, reference, reason, actor, at)
      select t.idempotency_key, written.id, t.kind, t.status, null, t.amount_minor, currency, payment_method, 'EXTERNAL', t.reference, t.reason,
        ${by.actor}::text, t.at
      from written join given using (id), jsonb_to_recordset(transactions) as t(idempotency_key text, kind text, status text,
        amount_minor bigint, reference text, reason text, at timestamptz)
    ),
    shipments as (
      insert into order_shipments (order_id, shipment_key, items, carrier, tracking_number, actor, reason, shipped_at, delivered_at)
      select id, 'taken-in', shipped_items, tracking ->> 'carrier', tracking ->> 'number', ${by.actor}::text, null,
        coalesce(shipped_at, updated_at), delivered_at
      from written join given using (id) where shipped_items is not null
    ),
    outcomes as (
      update import_orders as o set state = given.outcome, order_id = given.id, takes_stock = false
      from written join given using (id)
      where o.import_id = ${by.importId}::uuid and o.position = any(${orders.map(({ position }) => position)}::integer[])
        and o.position = given.place
    )
    select id from written`;
}
