import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { compensationNames, type SagaAction } from '../domain/saga.ts';
import { stuckCauses, type WaitCause } from '../domain/waiting-order.ts';

/** Younger orders are still being placed: a workflow begins within a second unless something is wrong. */
const BEGUN = sql.lit('5 seconds');

/** Which waits: for this reason, in this step, and since this moment or longer. */
export interface WaitFilter {
  readonly cause?: WaitCause | undefined;
  readonly step?: SagaAction | undefined;
  readonly waitingSince?: Date | undefined;
  /** Only those that never end by themselves, and those that have lasted longer than this. */
  readonly stuckAfterMs?: number | undefined;
  /** Only how many there are: what each waits in is not read. */
  readonly isCounted?: boolean | undefined;
}

/** A wait, of which a page is read in the order of `since` and `id`. */
export interface WaitCursor {
  /** In microseconds, as PostgreSQL keeps it. */
  readonly since: string;
  readonly id: string;
}

/**
 * A saga that compensates waits in none of its steps any more, whatever the ledger last heard of them; the notification goes on beside
 * it. A subquery for each of the few rows: the planner would read all rows once for a condition that it can hash.
 */
export const isCurrentStep = isCurrent('s');

/** A step that waits for an operator; a notification does beside whatever the saga does. */
export const isParkedStep = sql`s.state = 'FAILED'
    and case when s.step = 'notifyCustomer' then o.notification_failed else o.saga_state = 'NEEDS_ATTENTION' end`;

function isCurrent(step: string): RawBuilder<SqlBool> {
  const s = sql.ref(step);
  return sql`(${s}.step = any(${compensationNames}::text[]) or ${s}.step = 'notifyCustomer' or ${isNone(sql`
    select true from order_saga_steps c
    where c.order_id = ${s}.order_id and c.saga = ${s}.saga and c.step = any(${compensationNames}::text[]) limit 1`)})`;
}

/**
 * Whether a subquery has no row. The planner takes this for one case in two, so that it reads along the index until a page is full: `is null` it
 * takes for one in two hundred, and would rather sort them all.
 */
function isNone(subquery: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return sql`not coalesce((${subquery}), false)`;
}

/**
 * The orders that wait, each once, with what it has waited for longest of what fits the filter: at most `limit` for each kind of wait, the longest first, after the cursor.
 * Each kind is read along an index that only such orders are in, in the order of the page, so that a page costs the same however many wait.
 * What Temporal alone knows comes before what the ledger says.
 */
export function selectWaits(filter: WaitFilter, limit: number, after?: WaitCursor): RawBuilder<unknown> {
  const kinds = [stalled, retried, inNeedOfAttention, notStarted].flatMap((kind) => kind(filter, after) ?? []);
  const parts = kinds.map((part) => sql`(select * from (${part}) kind order by since, order_id limit ${limit})`);
  return sql.join(parts, sql` union all `);
}

type Kind = (filter: WaitFilter, after: WaitCursor | undefined) => RawBuilder<unknown> | undefined;

const stalled: Kind = ({ cause, ...filter }, after) => sql`
  select t.order_id, t.step, t.cause, t.since, t.attempts, t.last_error from order_stalls t
  where ${cause === undefined ? sql`true` : sql`t.cause = ${cause}`} and ${isInStep(filter, sql`t.step`)}
    and ${isStuck(sql`t.cause`, sql`t.since`, filter)} and ${isOnPage(sql`t.since`, sql`t.order_id`, filter, after)}`;

/** A saga may be retried in one step beside its notification in another. */
const retried: Kind = (filter, after) => {
  if (filter.cause !== undefined && filter.cause !== 'RETRYING') return undefined;
  return sql`
    select s.order_id, s.step, 'RETRYING' as cause, s.started_at as since, s.attempts, s.last_error
    from order_saga_steps s join orders o on o.id = s.order_id
    where s.state = 'RUNNING' and ${isCurrentStep} and ${isInStep(filter, sql`s.step`)} and ${isLongAgo(sql`s.started_at`, filter)}
      and ${isOnPage(sql`s.started_at`, sql`s.order_id`, filter, after)} and ${isNotStalled(sql`s.order_id`)}
      and ${isNone(sql`${retriesOf(sql`s.order_id`, filter)} and (e.started_at, e.saga, e.step) < (s.started_at, s.saga, s.step) limit 1`)}
      and ${filter.cause === undefined ? sql`not (${needsAttention(filter)} and o.attention_since < s.started_at)` : sql`true`}`;
};

const inNeedOfAttention: Kind = (filter, after) => {
  if (filter.cause !== undefined && filter.cause !== 'NEEDS_ATTENTION') return undefined;
  const read =
    filter.isCounted === true
      ? sql`null as step, 'NEEDS_ATTENTION' as cause, o.attention_since as since, 0 as attempts, null as last_error from orders o`
      : sql`p.step, 'NEEDS_ATTENTION' as cause, o.attention_since as since, coalesce(p.attempts, 0) as attempts,
          coalesce(p.last_error, case when o.is_disputed then 'the payment is disputed' end) as last_error
        from orders o left join lateral (${parkedStep(filter)}) p on true`;
  return sql`
    select o.id as order_id, ${read}
    where ${filter.step === undefined ? sql`o.attention_since is not null` : needsAttention(filter)}
      and ${isOnPage(sql`o.attention_since`, sql`o.id`, filter, after)} and ${isNotStalled(sql`o.id`)}
      and ${
        filter.cause === undefined
          ? isNone(sql`${retriesOf(sql`o.id`, filter)} and e.started_at <= o.attention_since limit 1`)
          : sql`true`
      }`;
};

const notStarted: Kind = (filter, after) => {
  if ((filter.cause !== undefined && filter.cause !== 'NOT_STARTED') || filter.step !== undefined) return undefined;
  return sql`
    select o.id as order_id, null as step, 'NOT_STARTED' as cause, o.created_at as since, 0 as attempts, null as last_error
    from orders o
    where not o.workflow_started and o.status = 'PENDING' and o.created_at < now() - interval ${BEGUN} and o.attention_since is null
      and ${isLongAgo(sql`o.created_at`, filter)} and ${isOnPage(sql`o.created_at`, sql`o.id`, filter, after)}
      and ${isNotStalled(sql`o.id`)} and ${isNone(sql`${retriesOf(sql`o.id`, {})} limit 1`)}`;
};

/** The step that an order has been parked in for longest; an order may need attention without one. */
function parkedStep(filter: WaitFilter): RawBuilder<unknown> {
  return sql`
    select s.step, s.attempts, s.last_error from order_saga_steps s
    where s.order_id = o.id and ${isParkedStep} and ${isCurrentStep} and ${isInStep(filter, sql`s.step`)} order by s.updated_at limit 1`;
}

function needsAttention(filter: WaitFilter): RawBuilder<SqlBool> {
  return filter.step === undefined
    ? sql`o.attention_since is not null`
    : sql`(o.attention_since is not null and exists (${parkedStep(filter)}))`;
}

/** The beginning of a subquery of an order's steps `e` that are retried and fit the filter. */
function retriesOf(orderId: RawBuilder<unknown>, filter: WaitFilter): RawBuilder<unknown> {
  return sql`select true from order_saga_steps e where e.order_id = ${orderId} and e.state = 'RUNNING' and ${isCurrent('e')}
    and ${isInStep(filter, sql`e.step`)} and ${isLongAgo(sql`e.started_at`, filter)}`;
}

/** A subquery, since a join would be one more way to read all of them first. */
function isNotStalled(orderId: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return isNone(sql`select true from order_stalls t where t.order_id = ${orderId}`);
}

function isInStep({ step }: WaitFilter, name: RawBuilder<unknown>): RawBuilder<SqlBool> {
  return step === undefined ? sql`true` : sql`${name} = ${step}`;
}

function isLongAgo(since: RawBuilder<unknown>, { stuckAfterMs }: WaitFilter): RawBuilder<SqlBool> {
  return stuckAfterMs === undefined ? sql`true` : sql`${since} < now() - ${stuckAfterMs} * interval '1 millisecond'`;
}

function isOnPage(
  since: RawBuilder<unknown>,
  id: RawBuilder<unknown>,
  { waitingSince }: WaitFilter,
  after: WaitCursor | undefined,
): RawBuilder<SqlBool> {
  const inTime = waitingSince === undefined ? sql<SqlBool>`true` : sql<SqlBool>`${since} <= ${waitingSince}`;
  return after === undefined
    ? inTime
    : sql`${inTime} and (${since}, ${id}) > (${after.since}::timestamptz, ${after.id}::uuid)`;
}

/** Whether a wait never ends by itself, or has lasted too long. */
export function isStuck(
  cause: RawBuilder<unknown>,
  since: RawBuilder<unknown>,
  filter: WaitFilter,
): RawBuilder<SqlBool> {
  return filter.stuckAfterMs === undefined
    ? sql`true`
    : sql`(${cause} = any(${stuckCauses}::text[]) or ${isLongAgo(since, filter)})`;
}

/**
 * A condition on `orders`: it waits so. The ids are found first, since few orders wait: the planner would otherwise read along all
 * orders until a page is full.
 */
export function isWaiting(filter: Pick<WaitFilter, 'step' | 'waitingSince'>): RawBuilder<SqlBool> {
  const { step, waitingSince } = filter;
  return sql`id = any(array(select w.order_id from (${selectWaits({ step, waitingSince }, ALL)}) w))`;
}

/** More than ever wait at once. */
const ALL = 1_000_000;
