import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  setDefaultSignalHandler,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import type { CommandDefaults } from '../src/domain/parse-command.ts';
import type { CommandQueue, IdentifiedCommand } from './command-queue.ts';
import { createRejection } from './create-rejection.ts';

/** The messages by which one command comes. What they carry anyone may have typed. */
export interface CommandMessages<Name, Result> {
  readonly name: Name;
  /** For the API: the caller learns what came of it. */
  readonly update: UpdateDefinition<Result, [unknown]>;
  /** For people in the Web UI, where a signal is at hand. */
  readonly signal: SignalDefinition<[unknown]>;
  /** What the Web UI says of both. */
  readonly description: string;
}

/** A workflow that takes commands. */
export interface CommandReceiver<Command extends IdentifiedCommand, Result> {
  readonly commands: CommandQueue<Command, Result>;
  readonly messages: readonly CommandMessages<Command['name'], Result>[];
  /** Names of other signals that the workflow understands. */
  readonly otherSignals: readonly string[];
  /** Returns the command, or a sentence that says what is wrong with it. */
  readonly parse: (name: Command['name'], input: unknown, defaults: CommandDefaults) => Command | string;
  /** Why a command is not allowed now, if so. Reads nothing but state: what a validator does is not replayed. */
  readonly check: (command: Command) => ApplicationFailure | undefined;
  /** Called once for each accepted command, since some interrupt what is under way. */
  readonly onAccepted: (command: Command) => void;
  /** Shows something to whoever looks at the workflow next. */
  readonly remark: (text: string) => void;
}

/** Who sent a command that does not say so. */
export const UNNAMED_ACTOR = 'temporal-web-ui';

/** Registers every command as an update and as a signal; must run before anything is awaited, so that no early one is missed. */
export function receiveCommands<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
): void {
  for (const { name, update, signal, description } of receiver.messages) {
    const validator = (input: unknown) => {
      validate(receiver, parse(receiver, name, input));
    };
    const handler = (input: unknown) => accept(receiver, parse(receiver, name, input));
    setHandler(update, handler, { description, validator });
    setHandler(signal, (input) => receiveSignal(receiver, name, input), { description });
  }
  const known = [...receiver.messages.map(({ name }) => name), ...receiver.otherSignals].join(', ');
  setDefaultSignalHandler((name) => {
    receiver.remark(`Signal "${name}" is not known; known are ${known}.`);
  });
}

/**
 * Takes the cancellation of the workflow, in the Web UI, by the CLI or by a script, for the command with this name.
 * Returns whether it has been cancelled.
 */
export function receiveCancellation<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
  name: Command['name'],
): () => boolean {
  let isCancelled = false;
  CancellationScope.current().cancelRequested.catch(() => {
    isCancelled = true;
    void receiveSignal(receiver, name, {
      actor: 'temporal:workflow-cancellation',
      reason: 'the workflow was cancelled',
      command_id: 'workflow-cancellation',
    });
  });
  return () => isCancelled;
}

/** A signal has nobody to answer: that it was rejected is shown in the details instead. */
async function receiveSignal<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
  name: Command['name'],
  input: unknown,
): Promise<void> {
  try {
    const command = parse(receiver, name, input);
    validate(receiver, command);
    await accept(receiver, command);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    receiver.remark(`${name} was refused: ${error.message}`);
  }
}

function accept<Command extends IdentifiedCommand, Result>(
  { commands, onAccepted }: CommandReceiver<Command, Result>,
  command: Command,
): Promise<Result> {
  const isRepeated = commands.has(command.input.command_id);
  const { answer } = commands.add(command);
  if (!isRepeated) onAccepted(command);
  return answer;
}

function validate<Command extends IdentifiedCommand, Result>(
  { commands, check }: CommandReceiver<Command, Result>,
  command: Command,
): void {
  if (commands.has(command.input.command_id)) return;
  const rejected = check(command);
  if (rejected) throw rejected;
}

/** An update is known by its id; only signals, which are replayed, draw an id from `uuid4` when they bring none. */
function parse<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
  name: Command['name'],
  input: unknown,
): Command {
  const defaults = { actor: UNNAMED_ACTOR, commandId: currentUpdateInfo()?.id ?? uuid4() };
  const parsed = receiver.parse(name, input, defaults);
  if (typeof parsed === 'string') throw createRejection(failureTypes.invalidCommand, parsed);
  return parsed;
}
