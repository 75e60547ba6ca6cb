import { sql } from 'kysely';
import type { Resolution } from '../domain/messages.ts';
import type { ResolvedCounts, SagaResolution } from '../domain/saga-resolution.ts';
import { cutPage } from './cut-page.ts';
import { readCounts, toResolution } from './saga-resolutions.ts';
import type { Db } from './schema.ts';

/** Which resolutions, and the one after which the page starts: `at` in microseconds, as PostgreSQL keeps it. */
export interface ResolutionListQuery {
  /** Only those that have ended, or have not. */
  readonly isCompleted?: boolean | undefined;
  readonly action?: Resolution | undefined;
  /** Only those of this person. */
  readonly subject?: string | undefined;
  /** Made at or after. */
  readonly from?: Date | undefined;
  /** Made before. */
  readonly to?: Date | undefined;
  readonly limit: number;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
}

/** A resolution and how far it has come. */
export interface ListedResolution {
  readonly resolution: SagaResolution;
  readonly counts: ResolvedCounts;
}

/** One page of resolutions along an index, the newest first, and the cursor of the next one. Only those that still run are counted. */
export async function listResolutions(db: Db, query: ResolutionListQuery) {
  const { page, last } = cutPage(await selectResolutions(db, query).execute(), query.limit);
  const listed: ListedResolution[] = [];
  for (const row of page) {
    const resolution = toResolution(row);
    // One after the other: a page of running ones takes one connection.
    // oxlint-disable-next-line no-await-in-loop
    listed.push({ resolution, counts: await readCounts(db, resolution) });
  }
  return { listed, next: last && { at: last.cursor_at, id: last.id } };
}

/** The page's query; it asks for one row more than the page holds, to learn whether there is a next page. */
function selectResolutions(db: Db, { isCompleted, action, subject, from, to, limit, after }: ResolutionListQuery) {
  let select = db
    .selectFrom('saga_resolutions')
    .selectAll()
    .select(sql<string>`to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('cursor_at'))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (isCompleted !== undefined) select = select.where('completed_at', isCompleted ? 'is not' : 'is', null);
  if (action !== undefined) select = select.where('action', '=', action);
  if (subject !== undefined) select = select.where('subject', '=', subject);
  if (from !== undefined) select = select.where('created_at', '>=', from);
  if (to !== undefined) select = select.where('created_at', '<', to);
  if (after !== undefined) {
    select = select.where(sql<boolean>`(created_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  }
  return select;
}
