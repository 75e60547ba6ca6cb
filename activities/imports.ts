import { cancellationSignal } from '@temporalio/activity';
import type { Import, ImportCounts, ImportStatus } from '../src/domain/import.ts';
import { releaseUnwritten } from '../src/imports/history/release-unwritten.ts';
import { takeInRange, type TakeInDependencies } from '../src/imports/history/take-in-range.ts';
import type { PlaceImportOrder } from '../src/imports/place-import-order.ts';
import { placeRange, type PlacingRange } from '../src/imports/place-range.ts';
import { readFileOrder } from '../src/imports/presets/read-file-order.ts';
import { settleOrders } from '../src/imports/settle-orders.ts';
import { cancelRest } from '../src/repositories/import-orders.ts';
import { completeImport, findImport, writeImportStatus } from '../src/repositories/import-repository.ts';
import { toActivityFailure } from './failures.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { ActivityDependencies } from './step-activity.ts';

/** What imports do with orders: place them as a client would, or take them in and start what goes on with them. */
export interface ImportWork {
  readonly placeOrder: PlaceImportOrder;
  readonly commands: TakeInDependencies['commands'];
}

/** Placing the orders of an import, or taking them in, and writing where it stands. */
export function importActivities(dependencies: ActivityDependencies, { placeOrder, commands }: ImportWork) {
  const { db, logger, gateways } = dependencies;
  return {
    /**
     * Places the orders of a range and waits until each is settled or has taken too long; when cancelled, places no more and
     * returns. Starts with what is left of the range: an order that was placed before is watched, never placed twice. Orders of a file
     * that are taken in as they stood are written, and those that are open get their workflow.
     * Key of an order: its owner and its reference. No compensation: what is placed stays.
     */
    placeImportRows: (input: PlacingRange): Promise<ImportCounts> =>
      heartbeating(async () => {
        const job = await existingImport(input.importId);
        if (job.format?.takingIn) {
          return takeInRange({ db, gateways, logger, commands, readFileOrder }, job, input, cancellationSignal());
        }
        return placeRange({ db, logger, placeOrder }, job, input, cancellationSignal());
      }),

    /**
     * Records what became of orders that took too long to be waited for; returns how many of them are still open. An attempt that died
     * may have left goods of orders that failed: they are returned to stock. Key: none needed.
     */
    settleImportRows: ({ importId }: { readonly importId: string }): Promise<{ open: number }> =>
      heartbeating(async () => {
        await releaseUnwritten({ db, gateways }, importId);
        return { open: await settleOrders(db, importId) };
      }),

    /** Writes where the import stands unless something newer is known; returns where it stands. Key: the version. */
    recordImportStatus: ({ importId, ...written }: RecordImportStatusInput): Promise<{ status: ImportStatus }> =>
      guarded(async () => ({ status: known(await writeImportStatus(db, importId, written)) })),

    /**
     * Cancels the orders that have not been placed, marks the import as cancelled, and returns to stock the goods of orders that were not
     * written. Key of the goods: the import and the order's reference.
     */
    cancelImportRest: ({ importId }: { readonly importId: string }): Promise<{ status: ImportStatus }> =>
      heartbeating(async () => {
        await cancelRest(db, importId);
        await releaseUnwritten({ db, gateways }, importId);
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
