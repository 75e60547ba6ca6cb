import { sql } from 'kysely';
import type { Db } from './schema.ts';

/** What a process measures of the sagas that it starts; `src/temporal/starting` works with it. */
export interface StartFigures {
  /** Sagas that the process may have under way; undefined before it knows of the others. */
  readonly window: number | undefined;
  /** Median time from start to outcome of the sagas that were started and have ended since the last figures. */
  readonly latencyMs: number | undefined;
  /** The same for sagas that were started while Temporal had nothing else of ours to do. */
  readonly idleLatencyMs: number | undefined;
  /** Sagas that have ended since the last figures, a second. */
  readonly perSecond: number;
  /** How far apart the pauses should be in which Temporal gets idle. */
  readonly periodMs: number;
}

/** The figures of all processes that have more to start than they may: their mean window, median latencies, sagas a second together and longest period. */
export interface SharedStartFigures extends StartFigures {
  readonly processes: number;
  /** Where this process stands among them, from 0 to below 1. */
  readonly place: number;
  /** The database's time, which all processes share. */
  readonly clockMs: number;
  /** Whether somebody has waited for a saga within the last 10 seconds, whichever process started it. */
  readonly isAwaited: boolean;
}

interface Row {
  readonly processes: number;
  readonly place: number;
  readonly window_size: number | null;
  readonly latency_ms: number | null;
  readonly idle_latency_ms: number | null;
  readonly per_second: number;
  readonly period_ms: number;
  readonly clock_ms: number;
  readonly is_awaited: boolean;
}

/**
 * Writes the figures of `process` and returns those of all that have written in the last two seconds, in one statement. When none of them knows
 * a window, it is that of those who wrote in the last minute: processes that were restarted go on with it.
 */
export async function exchangeStartFigures(db: Db, process: string, own: StartFigures): Promise<SharedStartFigures> {
  const { window = null, latencyMs = null, idleLatencyMs = null, perSecond, periodMs } = own;
  const { rows } = await sql<Row>`
    with mine as (
      insert into start_figures as figures (process, seen_at, window_size, latency_ms, idle_latency_ms, per_second, period_ms)
      values (${process}, now(), ${window}, ${latencyMs}, ${idleLatencyMs}, ${perSecond}, ${periodMs})
      on conflict (process) do update set
        seen_at = excluded.seen_at, window_size = excluded.window_size, latency_ms = excluded.latency_ms,
        idle_latency_ms = excluded.idle_latency_ms, per_second = excluded.per_second, period_ms = excluded.period_ms
      returning figures.*
    ),
    -- Processes that have ended.
    ended as (
      delete from start_figures where greatest(seen_at, awaited_at) < now() - interval '1 minute' and process <> ${process}
    ),
    present as (
      select * from mine
      union all
      select * from start_figures where process <> ${process} and seen_at > now() - interval '2 seconds'
    )
    select count(*)::integer as processes,
      count(*) filter (where process < ${process})::float8 / count(*) as place,
      coalesce(avg(window_size), (
        select avg(window_size) from start_figures where process <> ${process} and seen_at > now() - interval '1 minute'
      )) as window_size,
      sum(per_second) as per_second,
      percentile_disc(0.5) within group (order by latency_ms) as latency_ms,
      -- Not the median: those that resumed last after a pause found Temporal busy again.
      percentile_disc(0.25) within group (order by idle_latency_ms) as idle_latency_ms,
      max(period_ms) as period_ms,
      extract(epoch from clock_timestamp())::float8 * 1000 as clock_ms,
      exists (select from start_figures where awaited_at > now() - interval '10 seconds') as is_awaited
    from present`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('an aggregate has one row');
  return {
    processes: row.processes,
    place: row.place,
    window: row.window_size ?? undefined,
    latencyMs: row.latency_ms ?? undefined,
    idleLatencyMs: row.idle_latency_ms ?? undefined,
    perSecond: row.per_second,
    periodMs: row.period_ms,
    clockMs: row.clock_ms,
    isAwaited: row.is_awaited,
  };
}

/** Puts on record that somebody waits for a saga that `process` has started. Its figures, if it has any, stay as they are. */
export async function tellAwaitedStart(db: Db, process: string): Promise<void> {
  await sql`
    insert into start_figures as figures (process, seen_at, awaited_at, per_second, period_ms)
    values (${process}, '-infinity', now(), 0, 0)
    on conflict (process) do update set awaited_at = excluded.awaited_at`.execute(db);
}
