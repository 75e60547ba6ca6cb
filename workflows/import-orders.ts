import {
  allHandlersFinished,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { importWorkflowId, type ImportCommandResult, type ImportOrdersInput } from '../src/domain/import.ts';
import { isImportOrdersInput } from '../src/domain/workflow-input.ts';
import { untilRangeDone, untilWritten } from './activity-options.ts';
import { ImportRun, LANES } from './import-run.ts';
import { requireOwnId } from './require-own-id.ts';
import { applyImportCommands, findImportRejection, receiveImportCommands } from './import-commands.ts';

const { placeImportRows } = proxyActivities<Activities>(untilRangeDone);
const { settleImportRows, cancelImportRest } = proxyActivities<Activities>({
  ...untilRangeDone,
  summary: 'settle open orders',
});
const { completeImport } = proxyActivities<Activities>({ ...untilWritten, summary: 'complete' });

/**
 * Places the orders of a file or a batch: range by range, a bounded number of orders under way at once. Each range is an
 * activity that finds out by itself what is left of it, so that nothing is lost or doubled, whatever fails.
 * Ends when every order is settled; as cancelled when it was the workflow that was cancelled.
 */
export async function importOrders(input: ImportOrdersInput): Promise<ImportCommandResult> {
  requireOwnId(input, isImportOrdersInput, ({ importId }) => importWorkflowId(importId));
  const run = new ImportRun(input);
  const cancellation = receiveImportCommands(run);

  await CancellationScope.nonCancellable(async () => {
    const applying = applyImportCommands(run);
    await Promise.all(Array.from({ length: LANES }, () => placeRanges(run)));
    if (run.isToBeCancelled) await cancelRest(run);
    else if (run.hasRanges && !run.cancelled) await continueImportAsNew(run);
    await settleRest(run);
    const { status } = await completeImport({ importId: run.id });
    run.end(status);
    await applying;
    run.commands.close(({ command, reject }) => {
      const rejected = findImportRejection(run, command);
      if (rejected) reject(rejected);
    });
    await condition(() => allHandlersFinished() && cancellation.isHandled());
  });

  if (cancellation.isRequested()) throw new CancelledFailure('the import was cancelled');
  return { status: run.status };
}

/** Several of these run at once, so that another range is under way while the last orders of one are waited for. */
async function placeRanges(run: ImportRun): Promise<void> {
  for (;;) {
    await condition(() => !run.paused || run.cancelled);
    if (run.cancelled || run.shouldContinueAsNew(workflowInfo().continueAsNewSuggested)) return;
    const range = run.takeRange();
    if (!range) return;
    const summary = `orders ${range.from + 1} to ${range.to} of ${run.total}`;
    const input = { importId: run.id, ...range, inFlight: run.inFlightOfLane };
    // Interrupted by a pause or a cancellation, it returns once it has recorded the orders that it had placed.
    const counts = await run.interruptibly(() =>
      placeImportRows.executeWithOptions({ ...untilRangeDone, summary }, [input]),
    );
    run.note(range, counts);
  }
}

/** Gives up every order that has not been placed; what is placed stays. */
async function cancelRest(run: ImportRun): Promise<void> {
  const { status } = await cancelImportRest({ importId: run.id });
  run.becomes(status);
}

/** Continues as a new run with a short history, unless the import is cancelled before. */
async function continueImportAsNew(run: ImportRun): Promise<void> {
  await condition(() => run.isToBeCancelled || allHandlersFinished());
  if (run.isToBeCancelled) await cancelRest(run);
  else await continueAsNew<typeof importOrders>(run.nextInput());
}

/** How often open orders that wait for a service or an operator are looked at, at first and at most. */
const FIRST_LOOK_MS = 1_000;
const LAST_LOOK_MS = 60_000;

async function settleRest(run: ImportRun): Promise<void> {
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
    const { open } = await settleImportRows({ importId: run.id });
    run.waitsFor(open);
    if (open === 0) return;
    await condition(() => run.isToBeCancelled, pauseMs);
    if (run.isToBeCancelled) await cancelRest(run);
    if (workflowInfo().continueAsNewSuggested) await continueImportAsNew(run);
  }
}
