import type { Import, ImportCounts, ImportOrder, ImportStatus, PlacedImportOrder } from '../src/domain/import.ts';
import { cancelRest, countRange, findPlacedImportOrders, type ImportRange } from '../src/repositories/import-orders.ts';
import { completeImport, findImport, writeImportStatus } from '../src/repositories/import-repository.ts';
import { toActivityFailure } from './failures.ts';
import { followOrders, placeAndFollow } from './follow-orders.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** Placing one order of an import, which the worker brings with it. */
export type PlaceImportOrder = (job: Import, order: ImportOrder) => Promise<PlacedImportOrder>;

/** A range of an import, and how many of its orders may be under way at once. */
export interface PlaceImportRowsInput extends ImportRange {
  readonly inFlight: number;
}

/** Placing the orders of an import, and writing where it stands. */
export function importActivities(dependencies: ActivityDependencies, placeOrder: PlaceImportOrder) {
  const { db } = dependencies;
  return {
    /**
     * Places the orders of a range and waits for each until it is settled, or has taken too long to be waited for. Begins with what
     * is left of the range: an order that was placed before is followed, never placed twice. Key of an order: its owner and its
     * reference. Cancelled, it places no more and returns as well. No undo: what is placed is placed.
     */
    placeImportRows: (input: PlaceImportRowsInput): Promise<ImportCounts> =>
      heartbeating(async () => {
        const job = await existingImport(input.importId);
        await placeAndFollow(dependencies, job, input, (order) => placeOrder(job, order));
        return countRange(db, input);
      }),

    /** Looks after orders that took too long to be waited for; returns how many of them are still open. Key: none needed. */
    settleImportRows: ({ importId }: { readonly importId: string }): Promise<{ open: number }> =>
      heartbeating(async () => {
        let open = 0;
        for (let after = -1; ;) {
          const page = await findPlacedImportOrders(db, importId, after, PAGE);
          const last = page.at(-1);
          if (!last) return { open };
          open += await followOrders(db, importId, page);
          after = last.position;
        }
      }),

    /** Writes where the import stands unless something newer is known; returns where it stands. Key: the version. */
    recordImportStatus: ({ importId, ...written }: RecordImportStatusInput): Promise<{ status: ImportStatus }> =>
      guarded(async () => ({ status: known(await writeImportStatus(db, importId, written)) })),

    /** Gives up what has not been placed and marks the import as cancelled. Key: none needed, a repeat finds nothing to do. */
    cancelImportRest: ({ importId }: { readonly importId: string }): Promise<{ status: ImportStatus }> =>
      heartbeating(async () => {
        await cancelRest(db, importId);
        return { status: known((await findImport(db, importId))?.status) };
      }),

    /** Notes that nothing of the import is open any more. Key: none needed. */
    completeImport: ({ importId }: { readonly importId: string }): Promise<{ status: ImportStatus }> =>
      guarded(async () => ({ status: known(await completeImport(db, importId)) })),
  };

  async function existingImport(importId: string): Promise<Import> {
    const job = await findImport(db, importId);
    if (!job) throw new Error('there is no such import');
    return job;
  }
}

/** Input of {@link importActivities}' `recordImportStatus`. */
export interface RecordImportStatusInput {
  readonly importId: string;
  readonly status: ImportStatus;
  /** Grows with each status, so that a late write changes nothing. */
  readonly version: number;
}

/** Orders looked at with one query. */
const PAGE = 500;

function known(status: ImportStatus | undefined): ImportStatus {
  if (status === undefined) throw new Error('there is no such import');
  return status;
}

async function heartbeating<T>(run: () => Promise<T>): Promise<T> {
  const stopHeartbeat = startHeartbeat();
  try {
    return await guarded(run);
  } finally {
    stopHeartbeat();
  }
}

async function guarded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw toActivityFailure(error);
  }
}
