import { sql } from 'kysely';
import type { SagaAction } from '../domain/saga.ts';
import type { ReportRange } from './reports.ts';

interface HourRow {
  readonly hour: Date;
  readonly orders: number;
  readonly confirmed: number;
  readonly paymentFailed: number;
  readonly cancelled: number;
  /** Seconds from placing until confirmed; null without confirmed orders. */
  readonly p50: number | null;
  readonly p95: number | null;
}

/** Every hour of the range, with the orders that were placed in it. */
export function selectHours({ from, to }: ReportRange) {
  return sql<HourRow>`
    with placed as (
      select date_bin('1 hour', created_at, 'epoch') as hour, status, confirmed_at,
        extract(epoch from confirmed_at - created_at)::double precision as seconds
      from orders where created_at >= ${from} and created_at < ${to}
    )
    select h.hour, count(p.hour)::int as orders, count(p.confirmed_at)::int as confirmed,
      count(*) filter (where p.status = 'PAYMENT_FAILED')::int as "paymentFailed",
      count(*) filter (where p.status = 'CANCELLED')::int as cancelled,
      percentile_cont(0.5) within group (order by p.seconds) as p50, percentile_cont(0.95) within group (order by p.seconds) as p95
    from generate_series(date_bin('1 hour', ${from}::timestamptz, 'epoch'), ${to}::timestamptz - interval '1 microsecond', '1 hour') h(hour)
    left join placed p on p.hour = h.hour
    group by h.hour order by h.hour`;
}

interface FailedStepRow {
  readonly step: SagaAction;
  readonly orders: number;
  readonly retried: number;
  readonly refused: number;
  readonly parked: number;
  readonly decided: number;
}

/** Steps that did not succeed at their first attempt; read from an index that only such steps are in. */
export function selectFailedSteps({ from, to }: ReportRange) {
  return sql<FailedStepRow>`
    select step, count(distinct order_id)::int as orders, count(*) filter (where attempts > 1)::int as retried,
      count(*) filter (where state = 'REFUSED')::int as refused, count(*) filter (where state = 'FAILED')::int as parked,
      count(*) filter (where state in ('SKIPPED', 'RESOLVED'))::int as decided
    from order_saga_steps
    where (attempts > 1 or state not in ('RUNNING', 'DONE')) and state <> 'INTERRUPTED' and started_at >= ${from} and started_at < ${to}
    group by step order by orders desc, step`;
}
