import { condition, proxyActivities, type ApplicationFailure } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { failureTypes } from '../src/domain/failures.ts';
import type { ImportCommand, ImportCommandResult } from '../src/domain/import.ts';
import { parseImportCommand } from '../src/domain/parse-command.ts';
import { untilWritten } from './activity-options.ts';
import { anyCommand } from './command-queue.ts';
import { createRejection } from './create-rejection.ts';
import { importMessages } from './import-messages.ts';
import type { ImportRun } from './import-run.ts';
import {
  receiveCancellation,
  receiveCommands,
  type CommandReceiver,
  type WorkflowCancellation,
} from './receive-commands.ts';

const { recordImportStatus } = proxyActivities<Activities>(untilWritten);

/**
 * Takes every command of an import from here on; must run before anything is awaited, so that no early one is missed.
 * Returns what becomes of a cancellation of the workflow, which cancels the import.
 */
export function receiveImportCommands(run: ImportRun): WorkflowCancellation {
  const receiver: CommandReceiver<ImportCommand, ImportCommandResult> = {
    commands: run.commands,
    messages: importMessages,
    otherSignals: [],
    parse: parseImportCommand,
    check: (command) => findImportRejection(run, command),
    onAccepted: ({ name, input: { actor, reason } }) => {
      run.remark(`${name} by ${actor}${reason === '' ? '' : `: ${reason}`}`);
      if (name === 'cancelImport') run.cancel();
    },
    remark: (text) => {
      run.remark(text);
    },
    orderId: null,
  };
  receiveCommands(receiver);
  return receiveCancellation(receiver, 'cancelImport');
}

/** Applies the commands of an import one after the other until it has ended. */
export async function applyImportCommands(run: ImportRun): Promise<void> {
  for (;;) {
    const pending = await run.commands.next(anyCommand, { isEnough: () => run.ended });
    if (!pending) return;
    // It was allowed when it was accepted; another command may have come first.
    const rejected = findImportRejection(run, pending.command);
    if (rejected) pending.reject(rejected);
    else pending.resolve(await applyCommand(run, pending.command));
  }
}

/** What a command does first is a regular activity, so that the command is in the history by then. */
async function applyCommand(run: ImportRun, { name }: ImportCommand): Promise<ImportCommandResult> {
  if (name === 'cancelImport') {
    await condition(() => !run.isToBeCancelled || run.ended);
    return { status: run.status };
  }
  const status = name === 'pauseImport' ? 'PAUSED' : 'RUNNING';
  const version = name === 'pauseImport' ? run.pause() : run.resume();
  const written = await recordImportStatus({ importId: run.id, status, version });
  run.becomes(written.status);
  return written;
}

/** Why a command is not allowed where the import stands; `undefined` when it is. */
export function findImportRejection(run: ImportRun, { name }: ImportCommand): ApplicationFailure | undefined {
  if (run.ended) return notAllowed(`the import has ended as ${run.status}`);
  return run.cancelled && name !== 'cancelImport' ? notAllowed('the import is cancelled') : undefined;
}

function notAllowed(message: string): ApplicationFailure {
  return createRejection(failureTypes.transitionNotAllowed, message);
}
