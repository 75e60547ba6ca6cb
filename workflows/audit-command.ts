import { CancellationScope, log, uuid4, workflowInfo, type ApplicationFailure } from '@temporalio/workflow';
import type { DirectCommandRecord } from '../src/domain/direct-command.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { Command } from '../src/domain/messages.ts';
import { actorOf, isApiMessage } from '../src/domain/read-message.ts';
import { untilWritten } from './activity-options.ts';
import { runRegularActivity, type ActivityCall } from './run-activity.ts';

/** What a command that came directly, and not through the API, was sent to, and its name. */
type Subject = Pick<DirectCommandRecord, 'orderId' | 'operation'>;

/** Puts a direct command that was accepted on record; what the API sends it has put on record itself. */
export async function auditAccepted(subject: Subject, { actor, reason, command_id }: Command): Promise<void> {
  await audit({ ...subject, actor, reason, commandId: command_id, outcome: 'accepted' });
}

/** Logs a signal that was refused, and puts a direct one on record with what is wrong with it; an update's sender is told instead. */
export async function auditRefused(
  subject: Subject,
  args: readonly unknown[],
  { type, message: reason }: ApplicationFailure,
): Promise<void> {
  const [input] = args;
  const actor = isApiMessage(input) ? input.from_api.actor : actorOf(input);
  log.warn('command refused', { command: subject.operation, actor, why: reason });
  if (isApiMessage(input)) return;
  const outcome = type === failureTypes.invalidCommand ? 'invalid' : 'not allowed';
  await audit({ ...subject, actor, reason, commandId: uuid4(), outcome });
}

async function audit(entry: Omit<DirectCommandRecord, 'workflowId'>): Promise<void> {
  const call: ActivityCall<'auditCommand'> = {
    name: 'auditCommand',
    input: { ...entry, workflowId: workflowInfo().workflowId },
    summary: `${entry.operation} ${entry.outcome}`,
  };
  // Never on the fast path. Until its workflow task is complete Temporal may forget an update, which is in the history before the log
  // says so. And this runs beside the saga: when a local activity fails in the task in which another activity is cancelled, a replay
  // hears of the two in another order than the workflow did, and what follows from them no longer fits the history.
  await CancellationScope.nonCancellable(() => runRegularActivity(call, untilWritten));
}
