import { sql, type RawBuilder } from 'kysely';
import type { Db } from './schema.ts';

/** What a sink has still to get. */
export interface SinkFigures {
  /** Events that it does not have and that are no dead letters. */
  readonly unpublished: number;
  /** Age in seconds of the oldest of them that waits for no dead letter; 0 if there is none. */
  readonly oldestS: number;
  readonly deadLetters: number;
}

/** Under this name live listeners are counted: they hear of every event once it has its position. */
export const LISTENERS = 'sse';

/** Under this name webhook endpoints are counted together: each is a sink of its own, and there may be thousands. */
const ENDPOINTS = 'webhooks';

/** The name under which deliveries to a sink are counted. */
const group = sql`case when d.sink like 'webhook:%' then ${sql.lit(ENDPOINTS)} else d.sink end`;

/**
 * The figures of each sink on record, and of live listeners. Positions are dense, so what is behind a cursor is counted by subtraction; of events
 * without a position and of exceptions no more than `most` are counted.
 */
export async function measureSinks(db: Db, most: number): Promise<Record<string, SinkFigures>> {
  const sinks = await selectSinks(db, most);
  return Object.fromEntries(
    sinks.map(({ name, unpublished, oldestS, deadLetters }) => [name, { unpublished, oldestS, deadLetters }]),
  );
}

/** A sink on record, and since when it fails. */
export interface DescribedSink extends SinkFigures {
  readonly name: string;
  readonly failingSince: Date | null;
  readonly attempts: number;
  readonly lastError: string | null;
}

/** Larger numbers of exceptions aren't counted to their end: nobody acts differently on them. */
const MOST_DESCRIBED = 10_000;

/** Every sink on record by its name; without live listeners, which are none. */
export async function describeSinks(db: Db): Promise<DescribedSink[]> {
  return (await selectSinks(db, MOST_DESCRIBED)).filter(({ name }) => name !== LISTENERS);
}

async function selectSinks(db: Db, most: number): Promise<DescribedSink[]> {
  const { rows } = await sql<DescribedSink>`
    with new_events as materialized (
      select (select count(*) from (select from outbox where position is null limit ${most}) counted) as events,
        (select created_at from outbox where position is null order by id limit 1) as oldest_at
    ),
    pending as materialized (
      select ${group} as name, count(*) as events, min(o.created_at) filter (where not exists (${deadBefore})) as oldest_at
      from (select * from event_deliveries where state = 'PENDING' limit ${most}) d join outbox o on o.id = d.event_id
      group by 1
    ),
    dead as materialized (
      select ${group} as name, count(*) as events
      from (select sink from event_deliveries where state = 'DEAD' limit ${most}) d
      group by 1
    )
    select s.name, q.position - s.position + n.events + coalesce(p.events, 0) as unpublished,
      ${ageOf(sql`least(p.oldest_at, coalesce(
        (select created_at from outbox where position > s.position order by position limit 1), n.oldest_at))`)} as "oldestS",
      coalesce(x.events, 0) as "deadLetters", s.failing_since as "failingSince", s.attempts, s.last_error as "lastError"
    from event_sinks s
    cross join event_sequence q
    cross join new_events n
    left join pending p on p.name = s.name
    left join dead x on x.name = s.name
    union all
    select ${LISTENERS}, events, ${ageOf(sql`oldest_at`)}, 0, null, 0, null from new_events order by name`.execute(db);
  return rows;
}

/**
 * In words that leave the planner only the index by subject: where it has no statistics yet, it takes the one of all dead letters for smaller, and
 * reads them all for each event that waits.
 */
const deadBefore = sql`
  select from event_deliveries x
  where x.subject_id = d.subject_id and x.sink = d.sink and x.state in ('PENDING', 'DEAD') and x.state <> 'PENDING' and x.position < d.position`;

function ageOf(moment: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`greatest(0, coalesce(extract(epoch from now() - ${moment}), 0))::float8`;
}
