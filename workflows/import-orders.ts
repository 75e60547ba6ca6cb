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
import type { ImportCommandResult, ImportOrdersInput } from '../src/domain/import.ts';
import { untilRangeDone, untilWritten } from './activity-options.ts';
import { ImportRun, LANES } from './import-run.ts';
import { cancelImportByWorkflowCancellation, takeImportCommands } from './import-commands.ts';

const { placeImportRows } = proxyActivities<Activities>(untilRangeDone);
const { settleImportRows, cancelImportRest } = proxyActivities<Activities>({
  ...untilRangeDone,
  summary: 'look after what is open',
});
const { completeImport } = proxyActivities<Activities>({ ...untilWritten, summary: 'complete' });

/**
 * Brings a file or a batch of orders in: range by range, a bounded number of orders under way at once. Each range is an
 * activity that finds out by itself what is left of it, so that nothing is lost or doubled whatever dies.
 * Ends when every order is settled; as cancelled when it was the workflow that was cancelled.
 */
export async function importOrders(input: ImportOrdersInput): Promise<ImportCommandResult> {
  const run = new ImportRun(input);
  takeImportCommands(run);
  const workflowCancelled = watchForCancellation(run);

  await CancellationScope.nonCancellable(async () => {
    await Promise.all(Array.from({ length: LANES }, () => placeRanges(run)));
    if (run.isToBeCancelled) await cancelRest(run);
    else if (run.hasRanges && !run.cancelled) await giveWay(run);
    await settleRest(run);
    const { status } = await completeImport({ importId: run.id });
    run.end(status);
    await condition(allHandlersFinished);
  });

  if (workflowCancelled()) throw new CancelledFailure('the import was cancelled');
  return { status: run.status };
}

/** Several of these run at once, so that the next range is under way while the last orders of one are waited for. */
async function placeRanges(run: ImportRun): Promise<void> {
  for (;;) {
    await condition(() => !run.paused || run.cancelled);
    if (run.cancelled || run.shouldGiveWay(workflowInfo().continueAsNewSuggested)) return;
    const range = run.takeRange();
    if (!range) return;
    const summary = `orders ${range.from + 1} to ${range.to} of ${run.total}`;
    const input = { importId: run.id, ...range, inFlight: run.inFlightOfLane };
    // A pause or a cancellation interrupts it; it returns once it has noted what it had begun.
    const counts = await run.interruptibly(() =>
      placeImportRows.executeWithOptions({ ...untilRangeDone, summary }, [input]),
    );
    run.note(range, counts);
  }
}

/** What is placed stays; everything else is given up. */
async function cancelRest(run: ImportRun): Promise<void> {
  const { status } = await cancelImportRest({ importId: run.id });
  run.becomes(status);
}

/** The next run goes on with a short history, unless the import is cancelled before it begins. */
async function giveWay(run: ImportRun): Promise<void> {
  await condition(() => run.isToBeCancelled || allHandlersFinished());
  if (run.isToBeCancelled) await cancelRest(run);
  else await continueAsNew<typeof importOrders>(run.rest());
}

/** How often orders are looked at that wait for a service or an operator, at first and at last. */
const FIRST_LOOK_MS = 1_000;
const LAST_LOOK_MS = 60_000;

async function settleRest(run: ImportRun): Promise<void> {
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LAST_LOOK_MS)) {
    const { open } = await settleImportRows({ importId: run.id });
    run.waitsFor(open);
    if (open === 0) return;
    await condition(() => run.isToBeCancelled, pauseMs);
    if (run.isToBeCancelled) await cancelRest(run);
    if (workflowInfo().continueAsNewSuggested) await giveWay(run);
  }
}

function watchForCancellation(run: ImportRun): () => boolean {
  let cancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    cancelImportByWorkflowCancellation(run);
  });
  return () => cancelled;
}
