import {
  ApplicationFailure,
  CancellationScope,
  condition,
  currentUpdateInfo,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setDefaultSignalHandler,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { failureTypes } from '../src/domain/failures.ts';
import {
  importCommands,
  type ImportCommandName,
  type ImportCommandResult,
  type ImportStatus,
} from '../src/domain/import.ts';
import type { Command } from '../src/domain/messages.ts';
import { parseImportCommand } from '../src/domain/parse-command.ts';
import { untilWritten } from './activity-options.ts';
import { UNNAMED_ACTOR } from './commands.ts';
import type { ImportRun } from './import-run.ts';

const { recordImportStatus } = proxyActivities<Activities>(untilWritten);

const descriptions: Record<ImportCommandName, string> = {
  pauseImport: 'Places no more orders until it is resumed; orders under way go on. {"reason", "actor", "command_id"}',
  resumeImport: 'Goes on with a paused import. {"reason", "actor", "command_id"}',
  cancelImport:
    'Gives up every order that has not been placed; what is placed stays. {"reason", "actor", "command_id"}',
};

/** Registers every command as an update and as a signal; must run before anything is awaited, so that no early one is missed. */
export function takeImportCommands(run: ImportRun): void {
  for (const name of importCommands) {
    const description = descriptions[name];
    const validator = (input: unknown) => {
      validate(run, name, parse(name, input));
    };
    setHandler(
      defineUpdate<ImportCommandResult, [unknown]>(name),
      async (input: unknown) => follow(run, name, parse(name, input)),
      { description, validator },
    );
    setHandler(defineSignal<[unknown]>(name), (input: unknown) => followSignal(run, name, input), { description });
  }
  setDefaultSignalHandler((name) => {
    run.remark(`Signal "${name}" is not known; known are ${importCommands.join(', ')}.`);
  });
}

/** Cancels the import because someone cancelled its workflow: in the Web UI, by the CLI, by a script. */
export function cancelImportByWorkflowCancellation(run: ImportRun): void {
  const command = { actor: 'temporal:workflow-cancellation', reason: 'the workflow was cancelled' };
  void followSignal(run, 'cancelImport', command);
}

/** A signal has nobody to answer: a refusal is shown in the details instead. */
async function followSignal(run: ImportRun, name: ImportCommandName, input: unknown): Promise<void> {
  try {
    const command = parse(name, input);
    validate(run, name, command);
    await follow(run, name, command);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    run.remark(`${name} was refused: ${error.message}`);
  }
}

/** A workflow that is being cancelled follows commands as well: the one that cancels the import is one of them. */
function follow(run: ImportRun, name: ImportCommandName, command: Command): Promise<ImportCommandResult> {
  return CancellationScope.nonCancellable(() => obey(run, name, command));
}

async function obey(run: ImportRun, name: ImportCommandName, { actor, reason }: Command): Promise<ImportCommandResult> {
  run.remark(`${name} by ${actor}${reason === '' ? '' : `: ${reason}`}`);
  if (name === 'cancelImport') {
    run.cancel();
    await condition(() => !run.isToBeCancelled || run.ended);
    return { status: run.status };
  }
  const status: ImportStatus = name === 'pauseImport' ? 'PAUSED' : 'RUNNING';
  const version = name === 'pauseImport' ? run.pause() : run.resume();
  const written = await recordImportStatus({ importId: run.id, status, version });
  run.becomes(written.status);
  return written;
}

/** Reads nothing but the state: what a validator does is not replayed. */
function validate(run: ImportRun, name: ImportCommandName, _command: Command): void {
  if (run.ended) throw refusal(failureTypes.transitionNotAllowed, `the import has ended as ${run.status}`);
  if (name === 'cancelImport' || !run.cancelled) return;
  throw refusal(failureTypes.transitionNotAllowed, 'the import is cancelled');
}

function parse(name: ImportCommandName, input: unknown): Command {
  const defaults = { actor: UNNAMED_ACTOR, commandId: currentUpdateInfo()?.id ?? uuid4() };
  const parsed = parseImportCommand(name, input, defaults);
  if (typeof parsed !== 'string') return parsed;
  throw refusal(failureTypes.invalidCommand, parsed);
}

function refusal(type: string, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}
