import { sql, type Selectable } from 'kysely';
import type { EventOutcome, InboxState } from '../domain/inbound-event.ts';
import type { Db } from './schema.ts';
import type { InboxTable } from './schema/inbox-tables.ts';
import { cutPage } from './cut-page.ts';
import { selectOrderNumber } from './order-number.ts';

/** An event in the inbox. */
export type InboxRow = Selectable<InboxTable>;

/** An event that has come. */
export interface NewInboxEvent {
  readonly source: string;
  readonly id: string;
  readonly type: string;
  readonly subjectId: string | null;
  readonly payload: unknown;
  /** Why it can't be applied at all. */
  readonly fault?: string | undefined;
}

/** Which event, and by whom. */
export type EventKey = Pick<InboxRow, 'source' | 'id'>;

/** An event that is being applied has this long, until somebody else takes it up. */
const LEASE = sql.lit('30 seconds');

/**
 * Writes events, each once, and counts deliveries; returns those rows that are on record under their keys now. With `isClaimed` they are
 * the caller's to apply, for half a minute.
 */
export async function storeInboxEvents(
  db: Db,
  events: readonly NewInboxEvent[],
  { isClaimed }: { readonly isClaimed: boolean },
): Promise<(InboxRow & { readonly isSame: boolean })[]> {
  const rows = events.map((one) => ({ ...one, payload: one.payload ?? null }));
  const { rows: stored } = await sql<InboxRow & { isSame: boolean }>`
    with given as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as g(source text, id text, type text, "subjectId" uuid, payload jsonb, fault text))
    insert into inbox as i (source, id, type, subject_id, payload, state, last_error, attempts, attempted_at, next_attempt_at, handled_at)
    select source, id, type, "subjectId", payload, case when fault is null then 'RECEIVED' else 'DEAD' end, fault,
      ${isClaimed ? sql`1, now(), now() + interval ${LEASE}` : sql`0, null, now()`}, case when fault is not null then now() end
    from given
    on conflict (source, id) do update set deliveries = i.deliveries + 1
    returning i.*, i.type = (select g.type from given g where g.source = i.source and g.id = i.id limit 1)
      and i.payload = (select g.payload from given g where g.source = i.source and g.id = i.id limit 1) as "isSame"`.execute(
    db,
  );
  return stored;
}

/** Claims events that are due, at most `limit`: those whose time has come, and those that wait for an order which has changed since. */
export async function claimInboxEvents(db: Db, limit: number): Promise<InboxRow[]> {
  const { rows } = await sql<InboxRow>`
    with due as materialized (
      select i.source, i.id from inbox i where i.state in ('RECEIVED', 'WAITING') and i.next_attempt_at <= now()
      order by i.next_attempt_at limit ${limit} for update skip locked
    ),
    woken as materialized (
      select i.source, i.id from inbox i join orders o on o.id = i.subject_id
      where i.state = 'WAITING' and i.next_attempt_at > now() and o.updated_at > i.attempted_at
      limit ${limit} - (select count(*) from due) for update of i skip locked
    )
    update inbox u set attempts = u.attempts + 1, attempted_at = now(), next_attempt_at = now() + interval ${LEASE}
    from (select * from due union all select * from woken) as one
    where u.source = one.source and u.id = one.id returning u.*`.execute(db);
  return rows;
}

/** Ends an event, unless it has ended already; returns whether it was still open. To be called in the transaction of its effect, if it has one here. */
export async function endInboxEvent(db: Db, { source, id }: EventKey, outcome: EventOutcome): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('inbox')
    .set({ state: outcome.state, last_error: outcome.reason ?? null, handled_at: sql`now()` })
    .where('source', '=', source)
    .where('id', '=', id)
    .where('state', 'in', ['RECEIVED', 'WAITING'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Puts an event off: it is tried again after `delayMs`. */
export async function postponeInboxEvent(
  db: Db,
  { source, id }: EventKey,
  {
    state,
    reason,
    delayMs,
  }: { readonly state: 'RECEIVED' | 'WAITING'; readonly reason: string; readonly delayMs: number },
): Promise<void> {
  await db
    .updateTable('inbox')
    .set({ state, last_error: reason, next_attempt_at: sql`now() + ${delayMs} * interval '1 millisecond'` })
    .where('source', '=', source)
    .where('id', '=', id)
    .where('state', 'in', ['RECEIVED', 'WAITING'])
    .execute();
}

/** Which events of the inbox, and the one after which the page starts. */
export interface InboxQuery {
  readonly state?: InboxState | undefined;
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  readonly orderId?: string | undefined;
  readonly limit: number;
  readonly after?: { readonly receivedAt: string; readonly id: string } | undefined;
}

/** An event with the number of its order, if it has one. */
export type ListedInboxEvent = InboxRow & { readonly order_number: string | null };

/** Events of one statement have one time. */
const tieBreaker = sql`md5(i.source || ' ' || i.id)`;

/** One page of events, those first that came first, and where the next one starts; times in microseconds. */
export async function listInboxEvents(
  db: Db,
  { state, source, type, orderId, limit, after }: InboxQuery,
): Promise<{ readonly events: readonly ListedInboxEvent[]; readonly next: InboxQuery['after'] }> {
  const { rows } = await sql<ListedInboxEvent & { readonly cursor: string; readonly tie: string }>`
    select i.*, ${selectOrderNumber(sql.ref('i.subject_id'))} as order_number, ${tieBreaker} as tie, to_char(i.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as cursor from inbox i
    where ${state === undefined ? sql`true` : sql`i.state = ${sql.lit(state)}`}
      and ${source === undefined ? sql`true` : sql`i.source = ${source}`}
      and ${type === undefined ? sql`true` : sql`i.type = ${type}`}
      and ${orderId === undefined ? sql`true` : sql`i.subject_id = ${orderId}::uuid`}
      and ${after === undefined ? sql`true` : sql`(i.received_at, ${tieBreaker}) > (${after.receivedAt}::timestamptz, ${after.id})`}
    order by i.received_at, ${tieBreaker} limit ${limit + 1}`.execute(db);
  const { page, last } = cutPage(rows, limit);
  return { events: page, next: last && { receivedAt: last.cursor, id: last.tie } };
}

/** Lets dead events be tried again from now on; returns how many those are. */
export async function retryInboxEvents(db: Db, which: DeadEvents): Promise<number> {
  const { numUpdatedRows } = await deadEvents(db, which)
    .set({ state: 'RECEIVED', next_attempt_at: sql`now()`, tried_since: sql`now()`, handled_at: null })
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Drops dead events, and keeps why; returns how many those are. */
export async function skipInboxEvents(db: Db, which: DeadEvents, reason: string): Promise<number> {
  const { numUpdatedRows } = await deadEvents(db, which)
    .set({ state: 'IGNORED', handled_at: sql`now()`, last_error: sql`concat_ws('; ', last_error, ${reason}::text)` })
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Which dead events: one, those of an order, or of a type; all where nothing is given. */
export interface DeadEvents {
  readonly source?: string | undefined;
  readonly id?: string | undefined;
  readonly orderId?: string | undefined;
  readonly type?: string | undefined;
}

function deadEvents(db: Db, { source, id, orderId, type }: DeadEvents) {
  let update = db.updateTable('inbox').where('state', '=', 'DEAD');
  if (source !== undefined) update = update.where('source', '=', source);
  if (id !== undefined) update = update.where('id', '=', id);
  if (orderId !== undefined) update = update.where('subject_id', '=', orderId);
  if (type !== undefined) update = update.where('type', '=', type);
  return update;
}
