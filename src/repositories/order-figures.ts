import { sql, type RawBuilder } from 'kysely';
import { stuckCauses } from '../domain/waiting-order.ts';
import { RECONCILER_PASS } from './metric-snapshots.ts';
import { hasFailedConfirmation } from './failed-messages.ts';
import type { Db } from './schema.ts';
import { measureSinks, type SinkFigures } from './sink-figures.ts';
import { isCurrentStep } from './order-waits.ts';

/** Larger numbers aren't counted to their end: nobody acts differently on them, and every thousand takes up to a millisecond of each count. */
const MOST_COUNTED = 2_000;

/** What takes two looks at other tables for each order: every thousand takes eight milliseconds. */
const MOST_CHECKED = 1_000;

/** Figures about all orders and events; ages in seconds, 0 where nothing waits. */
export interface OrderFigures {
  /** Orders by status. */
  readonly current: Readonly<Record<string, number>>;
  readonly needsAttention: number;
  /** Steps that have failed and are tried again, by name. */
  readonly retrying: Readonly<Record<string, number>>;
  /** Orders that wait too long or never go on by themselves, by step; those that an operator was asked about are not among them. */
  readonly stuck: Readonly<Record<string, number>>;
  /** Orders that wait for something of which only Temporal knows, by cause. */
  readonly stalled: Readonly<Record<string, number>>;
  readonly waitingToStart: number;
  readonly oldestWaitingS: number;
  /** Events of other services that are not applied yet, and that wait for a decision. */
  readonly inboxOpen: number;
  readonly inboxDead: number;
  /** Messages to customers that are still to be sent, and that failed; a confirmation that failed is among those. */
  readonly messagesPending: number;
  readonly messagesFailed: number;
  /** What each sink has still to get. */
  readonly sinks: Readonly<Record<string, SinkFigures>>;
  /** Webhook endpoints by how they stand. */
  readonly endpoints: Readonly<Record<string, number>>;
  /** What the latest report on payments has found, by kind. */
  readonly paymentDifferences: Readonly<Record<string, number>>;
  /** When the reconciler's last pass ended, in seconds since 1970. */
  readonly lastPassS: number | null;
}

/** Measures all orders and sinks by two statements that read counters and indexes only: they take milliseconds, however many orders there are. */
export async function measureOrders(db: Db, stuckAfterMs: number): Promise<OrderFigures> {
  return db.transaction().execute(async (transaction) => {
    // Without fresh statistics, as after an import, the planner would rather read whole tables; and compiling the plan takes longer than running it.
    await sql`select set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`.execute(transaction);
    return { ...(await measure(transaction, stuckAfterMs)), sinks: await measureSinks(transaction, MOST_CHECKED) };
  });
}

async function measure(db: Db, stuckAfterMs: number): Promise<Omit<OrderFigures, 'sinks'>> {
  const most = sql.lit(MOST_COUNTED);
  const mostChecked = sql.lit(MOST_CHECKED);
  const longAgo = sql`now() - ${stuckAfterMs} * interval '1 millisecond'`;
  const { rows } = await sql<Omit<OrderFigures, 'sinks'>>`
    select
      (select coalesce(jsonb_object_agg(status, orders), '{}') from (
        select status, sum(orders) as orders from order_counts group by status) counted) as current,
      (select count(*) from (
        select from orders where attention_since is not null limit ${most}) found) as "needsAttention",
      (select coalesce(jsonb_object_agg(step, orders), '{}') from (
        select step, count(*) as orders from (
          select step from order_saga_steps where state = 'RUNNING' and last_error is not null limit ${most}) found
        group by step) counted) as retrying,
      (select coalesce(jsonb_object_agg(step, orders), '{}') from (
        select coalesce(step, 'none') as step, count(distinct order_id) as orders from (
          (select t.order_id, t.step from order_stalls t
            where t.cause = any(${stuckCauses}::text[]) or t.since < ${longAgo} limit ${mostChecked})
          union all
          (select s.order_id, s.step from order_saga_steps s
            where s.state = 'RUNNING' and s.started_at < ${longAgo} and ${isCurrentStep}
              and not exists (select from order_stalls t where t.order_id = s.order_id) limit ${mostChecked})) found
        group by 1) counted) as stuck,
      (select coalesce(jsonb_object_agg(cause, orders), '{}') from (
        select cause, count(*) as orders from (select cause from order_stalls limit ${most}) found group by cause) counted) as stalled,
      (select count(*) from (
        select from orders where not workflow_started and status = 'PENDING' limit ${most}) found) as "waitingToStart",
      ${ageOf(sql`select created_at from orders where not workflow_started and status = 'PENDING' order by created_at limit 1`)}
        as "oldestWaitingS",
      (select count(*) from (
        select from inbox where state in ('RECEIVED', 'WAITING') limit ${most}) found) as "inboxOpen",
      (select count(*) from (select from inbox where state = 'DEAD' limit ${most}) found) as "inboxDead",
      (select count(*) from (select from order_messages where state = 'PENDING' limit ${most}) found) as "messagesPending",
      (select count(*) from (
        (select from order_messages where state = 'FAILED' limit ${most})
        union all
        (select from orders o where ${hasFailedConfirmation} limit ${most})) found) as "messagesFailed",
      (select coalesce(jsonb_object_agg(state, endpoints), '{}') from (
        select case when not enabled then 'DISABLED' when failing_since is null then 'ACTIVE' else 'FAILING' end as state,
          count(*) as endpoints
        from webhook_endpoints group by 1) counted) as endpoints,
      (select coalesce(jsonb_object_agg(kind, differences), '{}') from (
        select d.kind, count(*) as differences from payment_differences d where d.report_id = (
          select id from payment_reports where state = 'DONE' order by created_at desc limit 1) group by d.kind) counted)
        as "paymentDifferences",
      (select extract(epoch from taken_at)::float8 from metric_snapshots where name = ${RECONCILER_PASS}) as "lastPassS"`.execute(
    db,
  );
  const [figures] = rows;
  if (!figures) throw new Error('a select without from has one row');
  return figures;
}

function ageOf(moment: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`greatest(0, coalesce(extract(epoch from now() - (${moment})), 0))::float8`;
}
