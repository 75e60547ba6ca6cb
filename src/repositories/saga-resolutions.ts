import { sql, type Selectable } from 'kysely';
import {
  resolvedStates,
  type OpenDecision,
  type ParkedFilter,
  type ResolvedCounts,
} from '../domain/saga-resolution.ts';
import type { ResolvedOrder, ResolvedState, SagaResolution } from '../domain/saga-resolution.ts';
import { parkedSteps } from './parked-steps.ts';
import type { Db } from './schema.ts';
import type { SagaResolutionsTable } from './schema/resolution-tables.ts';

/** A resolution that is to be registered. */
export type NewSagaResolution = Omit<SagaResolution, 'createdAt' | 'completedAt' | 'finalCounts'> & {
  readonly subject: string;
  readonly idempotencyKey: string | null;
};

/** Registers a resolution with the steps that are parked now; returns `false`, and writes nothing, when its key is taken. */
export async function insertResolution(db: Db, resolution: NewSagaResolution, parked: ParkedFilter): Promise<boolean> {
  const { id, subject, actor, idempotencyKey, bodyHash, filter, action, reason } = resolution;
  return db.transaction().execute(async (transaction) => {
    const inserted = await transaction
      .insertInto('saga_resolutions')
      .values({
        id,
        subject,
        actor,
        idempotency_key: idempotencyKey,
        body_hash: bodyHash,
        filter: JSON.stringify(filter),
        action,
        reason,
      })
      .onConflict((conflict) =>
        conflict.columns(['subject', 'idempotency_key']).where('idempotency_key', 'is not', null).doNothing(),
      )
      .executeTakeFirst();
    if (inserted.numInsertedOrUpdatedRows === 0n) return false;
    await sql`
      insert into saga_resolution_orders (resolution_id, position, order_id, saga, step, parked_at)
      select ${id}::uuid, row_number() over (order by s.updated_at, o.id, s.step) - 1, o.id, s.saga, s.step, s.updated_at
      ${parkedSteps(parked)}`.execute(transaction);
    return true;
  });
}

/** A resolution by its id. */
export async function findResolution(db: Db, id: string): Promise<SagaResolution | undefined> {
  const row = await db.selectFrom('saga_resolutions').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toResolution(row);
}

/** The resolution that a caller asked for under this key. */
export async function findKeyedResolution(db: Db, subject: string, key: string): Promise<SagaResolution | undefined> {
  const row = await db
    .selectFrom('saga_resolutions')
    .selectAll()
    .where('subject', '=', subject)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row && toResolution(row);
}

/** Resolutions whose workflow is not known to have started, claimed for the caller for some seconds. */
export async function claimResolutionsToStart(db: Db): Promise<SagaResolution[]> {
  const rows = await db
    .updateTable('saga_resolutions')
    .set({ start_claimed_at: sql`now()` })
    .where('id', 'in', (query) =>
      query
        .selectFrom('saga_resolutions as open')
        .select('open.id')
        .where('open.workflow_started', '=', sql.lit(false))
        .where(sql<boolean>`coalesce(open.start_claimed_at, open.created_at) < now() - interval '3 seconds'`)
        .orderBy('open.created_at')
        .limit(10)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute();
  return rows.map(toResolution);
}

/** Resolutions whose workflow was started and that have no end on record, oldest first. */
export async function findOpenResolutions(db: Db): Promise<SagaResolution[]> {
  const rows = await db
    .selectFrom('saga_resolutions')
    .selectAll()
    .where('workflow_started', '=', sql.lit(true))
    .where('completed_at', 'is', null)
    .orderBy('created_at')
    .limit(100)
    .execute();
  return rows.map(toResolution);
}

/** Writes that Temporal has the resolution's workflow. */
export async function markResolutionStarted(db: Db, id: string): Promise<void> {
  await db.updateTable('saga_resolutions').set({ workflow_started: true }).where('id', '=', id).execute();
}

/** The next steps to decide on, and notes that their decisions are on their way. */
export async function takeDecisions(db: Db, resolutionId: string, limit: number): Promise<readonly OpenDecision[]> {
  const { rows } = await sql<OpenDecision>`
    with due as (
      select r.position, r.order_id, r.step,
        r.sent_at is not null or exists (
          select from order_saga_steps s where s.order_id = r.order_id and s.saga = r.saga and s.step = r.step
            and s.state = 'FAILED' and s.updated_at = r.parked_at) as is_due
      from saga_resolution_orders r where r.resolution_id = ${resolutionId} and r.state = 'WAITING'
      order by r.attempts, r.position limit ${limit}
    ),
    sent as (
      update saga_resolution_orders r set sent_at = coalesce(r.sent_at, now()), attempts = r.attempts + 1 from due
      where r.resolution_id = ${resolutionId} and r.position = due.position and due.is_due
    )
    select position, order_id as "orderId", step, is_due as "isDue" from due`.execute(db);
  return rows;
}

/** What became of a decision; `undefined` for one that shall be tried again. */
export interface DecisionOutcome {
  readonly position: number;
  readonly state: Exclude<ResolvedState, 'WAITING'> | undefined;
  readonly detail: string | null;
}

/** Attempts after which an order's workflow counts as one that takes no decision. */
const MAX_ATTEMPTS = 3;

/** Writes what became of decisions; one that could not be sent again and again has FAILED. */
export async function writeDecisions(
  db: Db,
  resolutionId: string,
  outcomes: readonly DecisionOutcome[],
): Promise<void> {
  await sql`
    update saga_resolution_orders r set detail = d.detail, at = now(),
      state = coalesce(d.state, case when r.attempts >= ${MAX_ATTEMPTS} then 'FAILED' else r.state end)
    from jsonb_to_recordset(${JSON.stringify(outcomes)}::jsonb) as d(position integer, state text, detail text)
    where r.resolution_id = ${resolutionId} and r.position = d.position`.execute(db);
}

/** Leaves everything as it is that has not been decided yet. */
export async function leaveRest(db: Db, resolutionId: string, detail: string): Promise<void> {
  await sql`
    update saga_resolution_orders set state = 'UNCHANGED', detail = ${detail}, at = now()
    where resolution_id = ${resolutionId} and state = 'WAITING'`.execute(db);
}

/** Notes that nothing of the resolution is open any more, and what it came to; the first time holds. */
export async function completeResolution(db: Db, id: string): Promise<void> {
  const counts = JSON.stringify(await countDecisions(db, id));
  await sql`
    update saga_resolutions set completed_at = coalesce(completed_at, now()), workflow_started = true,
      final_counts = coalesce(final_counts, ${counts}::jsonb) where id = ${id}`.execute(db);
}

/** How many of a resolution's orders are in which state, also after its orders were archived. */
export async function readCounts(db: Db, { id, finalCounts }: SagaResolution): Promise<ResolvedCounts> {
  return finalCounts ?? (await countDecisions(db, id));
}

/** How many of its orders are in which state. */
export async function countDecisions(db: Db, resolutionId: string): Promise<ResolvedCounts> {
  const rows = await db
    .selectFrom('saga_resolution_orders')
    .select(['state', sql<number>`count(*)`.as('orders')])
    .where('resolution_id', '=', resolutionId)
    .groupBy('state')
    .execute();
  const counted = resolvedStates.map((state) => [state, rows.find((row) => row.state === state)?.orders ?? 0]);
  return Object.fromEntries(counted) as ResolvedCounts;
}

/** Its orders from a position on, at most `limit` of them, and where each stands now. */
export async function listDecisions(
  db: Db,
  resolutionId: string,
  { from, limit, state }: { readonly from: number; readonly limit: number; readonly state?: ResolvedState | undefined },
): Promise<readonly ResolvedOrder[]> {
  const { rows } = await sql<ResolvedOrder>`
    select r.position, r.order_id as "orderId", o.order_number as "orderNumber", r.step, r.state, r.detail, r.at, o.status,
      o.saga_state as "sagaState"
    from saga_resolution_orders r join orders o on o.id = r.order_id
    where r.resolution_id = ${resolutionId} and r.position >= ${from}
      ${state === undefined ? sql`` : sql`and r.state = ${state}`}
    order by r.position limit ${limit}`.execute(db);
  return rows;
}

/** A resolution of its row. */
export function toResolution(row: Selectable<SagaResolutionsTable>): SagaResolution {
  return {
    id: row.id,
    filter: row.filter,
    action: row.action,
    reason: row.reason,
    actor: row.actor,
    bodyHash: row.body_hash,
    createdAt: row.created_at,
    completedAt: row.completed_at,
    finalCounts: row.final_counts,
  };
}
