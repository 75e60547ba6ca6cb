import type { UpdateDefinition } from '@temporalio/common';
import {
  ApplicationFailure,
  currentUpdateInfo,
  setDefaultSignalHandler,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import {
  PAYMENT_SETTLED,
  type CommandName,
  type CommandResult,
  type Commands,
  type ResolveStepCommand,
} from '../src/domain/messages.ts';
import { parseCommand } from '../src/domain/parse-command.ts';
import { refusalOf } from './fulfil-order.ts';
import type { Entry } from './inbox.ts';
import { commandDescriptions, commandSignals, commandUpdates } from './messages.ts';
import type { Order } from './order.ts';
import { untilRecorded } from './until-recorded.ts';

/** Who sent a command that does not say so. */
export const UNNAMED_ACTOR = 'temporal-web-ui';

/** Registers every command as an update and as a signal; must run before anything is awaited, so that no early one is missed. */
export function takeCommands(order: Order): void {
  for (const name of Object.keys(commandDescriptions) as CommandName[]) {
    const description = commandDescriptions[name];
    const update = commandUpdates[name] as UpdateDefinition<CommandResult, [unknown]>;
    const validator = (input: unknown) => {
      validate(order, name, parse(name, input));
    };
    const handler = async (input: unknown) => {
      const command = parse(name, input);
      // The engine may forget an update that was accepted until its workflow task has completed: were it followed in that task,
      // money could be given back for an order that then goes on.
      await untilRecorded(name, command);
      return accept(order, name, command).answer;
    };
    setHandler(update, handler, { description, validator });
    setHandler(commandSignals[name], (input: unknown) => follow(order, name, input), { description });
  }
  setDefaultSignalHandler((name) => {
    order.remark(
      `Signal "${name}" is not known; known are ${[...Object.keys(commandDescriptions), PAYMENT_SETTLED].join(', ')}.`,
    );
  });
}

/** Cancels the order because someone cancelled its workflow: in the Web UI, by the CLI, by a script. */
export function cancelByWorkflowCancellation(order: Order): void {
  void follow(order, 'cancelOrder', {
    actor: 'temporal:workflow-cancellation',
    reason: 'the workflow was cancelled',
    command_id: 'workflow-cancellation',
  });
}

/** A signal has nobody to answer: a refusal is shown in the details instead. */
async function follow(order: Order, name: CommandName, input: unknown): Promise<void> {
  try {
    const command = parse(name, input);
    validate(order, name, command);
    await accept(order, name, command).answer;
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    order.remark(`${name} was refused: ${error.message}`);
  }
}

function accept<Name extends CommandName>(order: Order, name: Name, command: Commands[Name]): Entry {
  const entry = order.inbox.add(name, command);
  // The saga's steps give way to a cancellation; after them the order's own loop takes it up.
  if (name === 'cancelOrder') order.interruptible?.cancel();
  return entry;
}

/** Reads nothing but the state: what a validator does is not replayed. */
function validate(order: Order, name: CommandName, command: Commands[CommandName]): void {
  if (order.inbox.has(command.command_id)) return;
  const resolvable = name === 'resolveStep' && order.parked.has((command as ResolveStepCommand).step);
  const problem = resolvable ? undefined : refusalOf(order, { name, command });
  if (problem) throw problem;
}

/** An update is known by its id; only signals, which are replayed, draw an id from `uuid4` when they bring none. */
function parse<Name extends CommandName>(name: Name, input: unknown): Commands[Name] {
  const parsed = parseCommand(name, input, { actor: UNNAMED_ACTOR, commandId: currentUpdateInfo()?.id ?? uuid4() });
  if (typeof parsed !== 'string') return parsed;
  throw ApplicationFailure.create({ type: failureTypes.invalidCommand, message: parsed, nonRetryable: true });
}
