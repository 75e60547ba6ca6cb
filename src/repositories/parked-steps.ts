import { sql } from 'kysely';
import type { ParkedFilter, ParkedGroup, ParkedStep } from '../domain/saga-resolution.ts';
import type { Db } from './schema.ts';
import { isCurrentStep, isParkedStep } from './order-waits.ts';

/** A query of the parked steps, with `o` and `s` the rows of the order and of the step. */
export function parkedSteps({ orderIds, step, error, before }: ParkedFilter) {
  return sql`
    from orders o join order_saga_steps s on s.order_id = o.id and ${isParkedStep} and ${isCurrentStep}
    where (o.saga_state = 'NEEDS_ATTENTION' or o.notification_failed)
      ${orderIds === undefined ? sql`` : sql`and o.id = any(${orderIds}::uuid[])`}
      ${step === undefined ? sql`` : sql`and s.step = ${step}`}
      ${error === undefined ? sql`` : sql`and position(lower(${error}) in lower(s.last_error)) > 0`}
      ${before === undefined ? sql`` : sql`and s.updated_at < ${before}`}`;
}

/** At most `limit` parked steps, the one that has been parked for longest first. */
export async function findParkedSteps(db: Db, filter: ParkedFilter, limit: number): Promise<readonly ParkedStep[]> {
  const { rows } = await sql<ParkedStep>`
    select o.id as "orderId", o.order_number as "orderNumber", s.step, s.updated_at as "parkedAt", s.last_error as "lastError"
    ${parkedSteps(filter)} order by s.updated_at, o.id limit ${limit}`.execute(db);
  return rows;
}

/** How many steps are parked, by name and currency, and what their orders come to. */
export async function countParkedSteps(db: Db, filter: ParkedFilter): Promise<readonly ParkedGroup[]> {
  const { rows } = await sql<ParkedGroup>`
    select s.step, o.currency, count(*) as orders, sum(o.total_minor)::bigint as "totalMinor"
    ${parkedSteps(filter)} group by s.step, o.currency order by s.step, o.currency`.execute(db);
  return rows;
}
