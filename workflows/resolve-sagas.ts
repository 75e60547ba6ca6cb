import {
  CancellationScope,
  continueAsNew,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { resolutionWorkflowId, type ResolvedCounts, type ResolveSagasInput } from '../src/domain/saga-resolution.ts';
import { isResolveSagasInput } from '../src/domain/workflow-input.ts';
import { untilWritten } from './activity-options.ts';
import { requireOwnId } from './require-own-id.ts';

/** A page takes six events with its task; a run of these stays well below what Temporal calls a long history. */
const PAGES_PER_RUN = 200;

const { decideParkedPage } = proxyActivities<Activities>({
  ...untilWritten,
  // A hundred decisions, each waited for up to five seconds, eight at a time, where nothing answers.
  startToCloseTimeout: '3m',
  // A page whose worker died is taken up by another one at once.
  heartbeatTimeout: '5s',
  summary: 'decide on the next steps',
});
const { completeResolution } = proxyActivities<Activities>({ ...untilWritten, summary: 'complete' });

/**
 * Decides on many parked steps as an operator has asked: page by page, each step once, whatever fails. Cancelling it leaves the rest as
 * it is. Returns how many steps came to which end.
 */
export async function resolveSagas(input: ResolveSagasInput): Promise<ResolvedCounts> {
  requireOwnId(input, isResolveSagasInput, ({ resolutionId }) => resolutionWorkflowId(resolutionId));
  const { resolutionId, stepsPerPage, pagesPerRun = PAGES_PER_RUN } = input;
  try {
    for (let page = 1; ; page += 1) {
      const counts = await decideParkedPage({ resolutionId, limit: stepsPerPage });
      setCurrentDetails(describe(counts));
      if (counts.WAITING === 0) break;
      if (page >= pagesPerRun || workflowInfo().continueAsNewSuggested) {
        await continueAsNew<typeof resolveSagas>(input);
      }
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => completeResolution({ resolutionId, isCancelled: true }));
    throw error;
  }
  return completeResolution({ resolutionId, isCancelled: false });
}

function describe({ WAITING, DECIDED, UNCHANGED, FAILED }: ResolvedCounts): string {
  const done = DECIDED + UNCHANGED + FAILED;
  return [
    `**${done} of ${done + WAITING} steps**`,
    `decided ${DECIDED} · left alone, since they were not parked any more ${UNCHANGED} · failed ${FAILED}`,
    WAITING > 0 ? 'Cancelling this workflow leaves the rest as it is.' : '',
  ].join('\n\n');
}
