import { sql, type RawBuilder } from 'kysely';
import type { MessageState } from '../domain/order-message.ts';
import type { NotificationType } from '../domain/order-notification.ts';
import type { Db } from './schema.ts';
import { cutPage } from './cut-page.ts';

/** A message in the list of all orders' messages. */
export interface ListedMessage {
  readonly key: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly type: NotificationType;
  readonly state: MessageState;
  readonly attempts: number;
  readonly lastError: string | null;
  /** The address that it goes to, masked. */
  readonly recipient: string | null;
  /** What it says, once it was tried; null for what the saga sends. */
  readonly content: unknown;
  readonly createdAt: Date;
}

/** Which messages. */
export interface MessageFilter {
  readonly key?: string | undefined;
  readonly orderId?: string | undefined;
  readonly type?: NotificationType | undefined;
}

/** Which page of the messages. */
export interface MessageQuery extends MessageFilter {
  readonly state: MessageState;
  readonly limit: number;
  readonly after?: { readonly at: string; readonly key: string } | undefined;
}

/**
 * One page of the messages in a state, the oldest first, and where the next one starts; times in microseconds. Confirmations that failed are
 * among those that FAILED, though the saga has sent them.
 */
export async function listMessages(
  db: Db,
  { state, limit, after, ...filter }: MessageQuery,
): Promise<{ readonly messages: readonly ListedMessage[]; readonly next: MessageQuery['after'] }> {
  const own = sql`
    select key, order_id as "orderId", type, state, attempts, last_error as "lastError", recipient, content, created_at as "createdAt"
    from order_messages where state = ${sql.lit(state)}`;
  const all = state === 'FAILED' ? sql`${own} union all ${failedConfirmations}` : own;
  const { rows } = await sql<ListedMessage & { readonly cursor: string }>`
    select m.*, (select order_number from orders where id = m."orderId") as "orderNumber", to_char(m."createdAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor from (${all}) m
    where ${matches(filter)}
      and ${after === undefined ? sql`true` : sql`(m."createdAt", m.key) > (${after.at}::timestamptz, ${after.key})`}
    order by m."createdAt", m.key limit ${limit + 1}`.execute(db);
  const { page, last } = cutPage(rows, limit);
  return { messages: page, next: last && { at: last.cursor, key: last.key } };
}

/** Whether the saga failed to send the confirmation of an order `o`, and no row of `order_messages` stands for it, which would be counted as well. */
export const hasFailedConfirmation = sql<boolean>`o.notification_failed and not exists (
    select from order_messages m where m.key = o.id || ':notify:ORDER_CONFIRMED')`;

/** Such confirmations as messages. */
const failedConfirmations = sql`
  select o.id || ':notify:ORDER_CONFIRMED' as key, o.id as "orderId", 'ORDER_CONFIRMED' as type, 'FAILED' as state,
    coalesce(s.attempts, 1) as attempts, s.last_error as "lastError", s.recipient, null::jsonb as content,
    coalesce(s.updated_at, o.confirmed_at, o.created_at) as "createdAt"
  from orders o left join order_saga_steps s on s.order_id = o.id and s.step = 'notifyCustomer'
  where ${hasFailedConfirmation}`;

function matches({ key, orderId, type }: MessageFilter): RawBuilder<boolean> {
  return sql<boolean>`${key === undefined ? sql`true` : sql`m.key = ${key}`}
    and ${orderId === undefined ? sql`true` : sql`m."orderId" = ${orderId}::uuid`}
    and ${type === undefined ? sql`true` : sql`m.type = ${type}`}`;
}

/** Has messages that failed sent again, each under its key; returns how many those are. */
export async function retryMessages(db: Db, filter: MessageFilter, requestedBy: string): Promise<number> {
  return decide(db, filter, { state: 'PENDING', lastError: null, requestedBy });
}

/** Drops messages that failed, and keeps why; returns how many those are. */
export async function skipMessages(
  db: Db,
  filter: MessageFilter,
  reason: string,
  requestedBy: string,
): Promise<number> {
  return decide(db, filter, { state: 'SKIPPED', lastError: reason, requestedBy });
}

interface Decision {
  readonly state: MessageState;
  readonly lastError: string | null;
  readonly requestedBy: string;
}

/** A confirmation of the saga's becomes a message of its own with the same key, and its order waits for nobody any more. */
async function decide(db: Db, filter: MessageFilter, { state, lastError, requestedBy }: Decision): Promise<number> {
  const set = sql`state = ${state}, last_error = ${lastError}, requested_by = ${requestedBy}, attempts = 0, next_attempt_at = now(),
    tried_since = now()`;
  const { rows } = await sql<{ decided: number }>`
    with failed as (
      select key as "key", order_id as "orderId", type as "type" from order_messages where state = 'FAILED'
    ),
    own as (
      update order_messages u set ${set} from failed m where u.key = m.key and u.state = 'FAILED' and ${matches(filter)} returning u.key
    ),
    confirmations as (
      insert into order_messages as u (key, order_id, type, state, last_error, requested_by)
      select m.key, m."orderId", m.type, ${state}, ${lastError}, ${requestedBy} from (${failedConfirmations}) m where ${matches(filter)}
      on conflict (key) do nothing returning u.key, u.order_id
    ),
    settled as (
      update orders o set notification_failed = false from confirmations c where o.id = c.order_id
    )
    select (select count(*) from own) + (select count(*) from confirmations) as decided`.execute(db);
  return rows[0]?.decided ?? 0;
}
