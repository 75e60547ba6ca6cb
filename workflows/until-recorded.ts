import { CancellationScope } from '@temporalio/workflow';
import type { Command, CommandName } from '../src/domain/messages.ts';
import { untilAccepted } from './activity-options.ts';
import { runRegular } from './run-activity.ts';

/**
 * Returns when everything that has happened so far is in the history. Until its workflow task completes it is not, and another
 * attempt at the task may see other messages first. An activity that is not local ends the task; a timer would as well, but may
 * take a second.
 */
export async function untilRecorded(name: CommandName, { actor }: Command): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    runRegular({ name: 'acceptCommand', input: { name }, summary: `${name} by ${actor}` }, untilAccepted),
  );
}
