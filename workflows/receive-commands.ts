import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  log,
  setDefaultSignalHandler,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { SignalDefinition, UpdateDefinition } from '@temporalio/common';
import { failureTypes } from '../src/domain/failures.ts';
import { isApiMessage } from '../src/domain/read-message.ts';
import { auditAccepted, auditRefused } from './audit-command.ts';
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
  readonly parse: (name: Command['name'], input: unknown, commandId: string) => Command | string;
  /** Why a command is not allowed now, if so. Reads nothing but state: what a validator does is not replayed. */
  readonly check: (command: Command, from: { readonly isFromApi: boolean }) => ApplicationFailure | undefined;
  /** Called once for each accepted command, since some interrupt what is under way. */
  readonly onAccepted: (command: Command) => void;
  /** Shows something to whoever looks at the workflow next. */
  readonly remark: (text: string) => void;
  /** The order, for the audit log; null for an import. */
  readonly orderId: string | null;
}

/** Registers every command as an update and as a signal; must run before anything is awaited, so that no early one is missed. */
export function receiveCommands<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
): void {
  for (const { name, update, signal, description } of receiver.messages) {
    const validator = (...args: unknown[]) => {
      try {
        validate(receiver, parse(receiver, name, args), args);
      } catch (error) {
        if (error instanceof ApplicationFailure) log.warn('command refused', { command: name, why: error.message });
        throw error;
      }
    };
    const handler = (...args: unknown[]) => accept(receiver, parse(receiver, name, args), args);
    setHandler(update, handler, { description, validator });
    setHandler(signal, (...args: unknown[]) => receiveSignal(receiver, name, args), { description });
  }
  const known = [...receiver.messages.map(({ name }) => name), ...receiver.otherSignals].join(', ');
  setDefaultSignalHandler((name) => {
    log.warn('unknown signal', { signal: name });
    receiver.remark(`Signal "${name}" is not known; known are ${known}.`);
  });
}

/** Whether a workflow has been cancelled, and whether nothing of that is left to be put on record, before which it must not end. */
export interface WorkflowCancellation {
  readonly isRequested: () => boolean;
  readonly isHandled: () => boolean;
}

/** Takes the cancellation of the workflow, in the Web UI, by the CLI or by a script, for the command with this name. */
export function receiveCancellation<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
  name: Command['name'],
): WorkflowCancellation {
  let isRequested = false;
  let isHandled = true;
  CancellationScope.current().cancelRequested.catch(() => {
    isRequested = true;
    isHandled = false;
    const command = { actor: 'workflow-cancellation', reason: 'the workflow was cancelled', command_id: CANCELLATION };
    void receiveSignal(receiver, name, [command]).finally(() => {
      isHandled = true;
    });
  });
  return { isRequested: () => isRequested, isHandled: () => isHandled };
}

/** The id of the command that a cancellation of the workflow is. */
const CANCELLATION = 'workflow-cancellation';

/** A signal has nobody to answer: that it was rejected is shown in the details, logged and audited instead. */
async function receiveSignal<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
  name: Command['name'],
  args: readonly unknown[],
): Promise<void> {
  try {
    const command = parse(receiver, name, args);
    validate(receiver, command, args);
    await accept(receiver, command, args);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    receiver.remark(`${name} was refused: ${error.message}`);
    await auditRefused({ orderId: receiver.orderId, operation: name }, args, error);
  }
}

async function accept<Command extends IdentifiedCommand, Result>(
  { commands, onAccepted, orderId }: CommandReceiver<Command, Result>,
  command: Command,
  args: readonly unknown[],
): Promise<Result> {
  const isRepeated = commands.has(command);
  const { answer } = commands.add(command);
  if (isRepeated) return answer;
  onAccepted(command);
  if (!isApiMessage(args[0])) await auditAccepted({ orderId, operation: command.name }, command.input);
  return answer;
}

function validate<Command extends IdentifiedCommand, Result>(
  { commands, check }: CommandReceiver<Command, Result>,
  command: Command,
  args: readonly unknown[],
): void {
  if (commands.has(command)) return;
  const rejected = check(command, { isFromApi: isApiMessage(args[0]) });
  if (rejected) throw rejected;
}

/** An update is known by its id; only signals, which are replayed, draw an id from `uuid4` when they bring none. */
function parse<Command extends IdentifiedCommand, Result>(
  receiver: CommandReceiver<Command, Result>,
  name: Command['name'],
  args: readonly unknown[],
): Command {
  const parsed = receiver.parse(name, onlyOne(args), currentUpdateInfo()?.id ?? uuid4());
  if (typeof parsed === 'string') throw createRejection(failureTypes.invalidCommand, parsed);
  return parsed;
}

/** A message has one argument; none or several are as bad as a wrong one. */
export function onlyOne(args: readonly unknown[]): unknown {
  return args.length === 1 ? args[0] : undefined;
}
