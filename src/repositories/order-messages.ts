import { sql, type RawBuilder, type Selectable } from 'kysely';
import type { MessageSubject, OrderMessage } from '../domain/order-message.ts';
import type { NotificationType } from '../domain/order-notification.ts';
import type { Db } from './schema.ts';
import type { OrderMessagesTable } from './schema/order-message-table.ts';

/** The name of the sink that turns events into messages, under which its cursor is kept. */
export const MESSAGE_SINK = 'messages';

/** Events read by one statement, which takes some milliseconds. */
const COPY_BATCH = 5_000;

/** What copying came to: whether there is probably more, and whether messages are due. */
export interface CopiedMessages {
  readonly isMore: boolean;
  readonly isDue: boolean;
}

/**
 * Writes the messages that events after the sink's cursor ask for, and moves the cursor, in one statement: each once, whoever runs it and
 * however often. Nothing but the messages is written, and no order is locked.
 */
export async function copyMessages(db: Db): Promise<CopiedMessages> {
  const { rows } = await sql<CopiedMessages>`
    with sink as materialized (select position from event_sinks where name = ${MESSAGE_SINK} for update),
    reach as materialized (
      select least(q.position, s.position + ${sql.lit(COPY_BATCH)}) as last, q.position as newest from event_sequence q, sink s
    ),
    asked as (
      select o.id, o.subject_id, o.payload, o.created_at, ${messageOf}
      from sink s cross join reach r,
      -- The limit says that there are few: a plan that does not know it reads the whole outbox. As a parameter it would be unknown to a plan that is kept.
      lateral (
        select * from outbox where position > s.position and position <= r.last order by position limit ${sql.lit(COPY_BATCH)}
      ) as o
      where o.type in (${sql.join(toldEvents.map((type) => sql.lit(type)))})
    ),
    written as (
      insert into order_messages (key, order_id, type, about, created_at)
      select subject_id || ':notify:' || type || coalesce(':' || nth, ''), subject_id, type, jsonb_strip_nulls(about), created_at
      from asked where type is not null order by id
      on conflict (key) do nothing returning 1
    ),
    advanced as (
      update event_sinks e set position = r.last, attempts = 0, retry_at = '-infinity', last_error = null, failing_since = null,
        updated_at = now()
      from reach r where e.name = ${MESSAGE_SINK} and e.position < r.last
    )
    select r.last < r.newest as "isMore", exists (select from written) or exists (
      select from order_messages where state = 'PENDING' and next_attempt_at <= now()) as "isDue"
    from reach r`.execute(db);
  return rows[0] ?? { isMore: false, isDue: false };
}

/** The events that may ask for a message. */
const toldEvents = [
  'order.payment_failed',
  'order.updated',
  'order.partly_shipped',
  'order.shipped',
  'order.delivered',
  'order.cancelled',
  'order.refund_made',
  'payment.refunded',
];

/** The message that the event `o` asks for: its type, which is null for none, what tells it from others of its type, and what it is about. */
const messageOf = sql`
  case o.type
    when 'order.payment_failed' then 'PAYMENT_FAILED'
    when 'order.updated' then case o.payload ->> 'payment_status' when 'ACTION_REQUIRED' then 'PAYMENT_ACTION_REQUIRED' end
    when 'order.partly_shipped' then 'ORDER_SHIPPED'
    when 'order.shipped' then 'ORDER_SHIPPED'
    when 'order.delivered' then 'ORDER_DELIVERED'
    when 'order.cancelled' then 'ORDER_CANCELLED'
    when 'order.refund_made' then case o.payload ->> 'notify' when 'true' then 'ORDER_REFUNDED' end
    -- A refund without goods is told by an event of its own, which says whether the customer is to be told.
    when 'payment.refunded' then case when o.payload ->> 'refund_id' not like '%:refund:amount:%' then 'ORDER_REFUNDED' end
  end as type,
  case
    when o.type = 'order.payment_failed' then o.payload ->> 'version'
    when o.type = 'order.updated' then (
      select (count(*) + 1)::text from order_payment_transactions t where t.order_id = o.subject_id and t.status = 'DECLINED')
    when o.type in ('order.partly_shipped', 'order.shipped') then coalesce(${shipmentOf()}::text, o.payload ->> 'version')
    when o.type = 'order.refund_made' then o.payload ->> 'refund_id'
    when o.type = 'payment.refunded' then replace(o.payload ->> 'refund_id', o.subject_id || ':', '')
  end as nth,
  jsonb_build_object(
    'shipment_id', case when o.type in ('order.partly_shipped', 'order.shipped') then ${shipmentOf()} end,
    'refund_id', case when o.type in ('order.refund_made', 'payment.refunded') then o.payload ->> 'refund_id' end,
    'amount', case when o.type in ('order.refund_made', 'payment.refunded') then o.payload ->> 'amount' end,
    'reason', case when o.type in ('order.refund_made', 'payment.refunded') then o.payload ->> 'reason' end
  ) as about`;

/** The shipment whose event `o` is: its key is that of the change that made the event's version. */
function shipmentOf(): RawBuilder<unknown> {
  return sql`(
    select s.id from order_status_history h join order_shipments s on s.order_id = h.order_id and s.shipment_key = h.transition_key
    where h.order_id = o.subject_id and h.version = (o.payload ->> 'version')::integer)`;
}

/** A message that is asked for. */
export interface NewMessage {
  readonly key: string;
  readonly orderId: string;
  readonly type: NotificationType;
  readonly about: MessageSubject;
  readonly requestedBy?: string | undefined;
}

/** Writes a message, once by its key; returns the one on record. */
export async function insertMessage(
  db: Db,
  { key, orderId, type, about, requestedBy }: NewMessage,
): Promise<OrderMessage> {
  await db
    .insertInto('order_messages')
    .values({ key, order_id: orderId, type, about: JSON.stringify(about), requested_by: requestedBy ?? null })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db.selectFrom('order_messages').selectAll().where('key', '=', key).executeTakeFirstOrThrow();
  return toMessage(row);
}

/** A message that this process is to send, and whether a newer one of its type says the same. */
export interface ClaimedMessage extends Pick<
  OrderMessage,
  'key' | 'orderId' | 'type' | 'about' | 'attempts' | 'createdAt'
> {
  readonly isSuperseded: boolean;
  /** For how long it has been tried. */
  readonly triedMs: number;
}

/** Claims up to `limit` due messages, the oldest first, for `leaseMs`, after which they are due again: who dies in between loses none. No transaction stays open. */
export async function claimMessages(db: Db, limit: number, leaseMs: number): Promise<ClaimedMessage[]> {
  const { rows } = await sql<ClaimedMessage>`
    with due as materialized (
      select key from order_messages where state = 'PENDING' and next_attempt_at <= now()
      order by next_attempt_at, created_at limit ${limit} for update skip locked
    )
    update order_messages m set attempts = m.attempts + 1,
      next_attempt_at = now() + ${leaseMs}::double precision * interval '1 millisecond'
    from due where m.key = due.key
    returning m.key, m.order_id as "orderId", m.type, m.about, m.attempts,
      extract(epoch from now() - m.tried_since)::float8 * 1000 as "triedMs", m.created_at as "createdAt",
      exists (
        select from order_messages n where n.order_id = m.order_id and n.type = m.type and n.created_at > m.created_at
      ) as "isSuperseded"`.execute(db);
  return rows.toSorted(
    (one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.key < other.key ? -1 : 1),
  );
}

/** What one attempt at a message came to. */
export interface MessageAttempt extends Pick<OrderMessage, 'key' | 'attempts' | 'state' | 'lastError'> {
  readonly content: OrderMessage['content'];
  readonly recipient: string | null;
  /** From now until the next attempt. */
  readonly retryMs: number;
}

/** Writes what attempts came to. What another process has claimed meanwhile is left to it. A confirmation that was sent needs nobody's attention. */
export async function recordMessages(db: Db, attempts: readonly MessageAttempt[]): Promise<void> {
  await sql`
    with recorded as (
      update order_messages m set state = r.state, last_error = r."lastError", content = coalesce(r.content, m.content),
        recipient = coalesce(r.recipient, m.recipient), sent_at = case when r.state = 'SENT' then now() end,
        next_attempt_at = now() + r."retryMs" * interval '1 millisecond'
      from jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) as r(
        key text, attempts integer, state text, "lastError" text, content jsonb, recipient text, "retryMs" float8)
      where m.key = r.key and m.state = 'PENDING' and m.attempts = r.attempts
      returning m.order_id, m.type, m.state
    )
    update orders o set notification_failed = false
    from recorded r where o.id = r.order_id and r.type = 'ORDER_CONFIRMED' and r.state = 'SENT' and o.notification_failed`.execute(
    db,
  );
}

/** Makes claimed messages due again at once, as if they had not been claimed. */
export async function releaseMessages(
  db: Db,
  claimed: readonly Pick<ClaimedMessage, 'key' | 'attempts'>[],
): Promise<void> {
  await sql`
    update order_messages m set attempts = m.attempts - 1, next_attempt_at = now()
    from jsonb_to_recordset(${JSON.stringify(claimed)}::jsonb) as r(key text, attempts integer)
    where m.key = r.key and m.state = 'PENDING' and m.attempts = r.attempts`.execute(db);
}

/** An order's messages, oldest first; without its confirmation, unless that was asked for again. */
export async function findMessages(db: Db, orderId: string): Promise<OrderMessage[]> {
  const rows = await db
    .selectFrom('order_messages')
    .selectAll()
    .where('order_id', '=', orderId)
    .orderBy('created_at')
    .orderBy('key')
    .execute();
  return rows.map(toMessage);
}

/** A message from its row. */
export function toMessage(row: Selectable<OrderMessagesTable>): OrderMessage {
  return {
    key: row.key,
    orderId: row.order_id,
    type: row.type,
    about: row.about,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    lastError: row.last_error,
    content: row.content,
    recipient: row.recipient,
    requestedBy: row.requested_by,
    createdAt: row.created_at,
    sentAt: row.sent_at,
  };
}
