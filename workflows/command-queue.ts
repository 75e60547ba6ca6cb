import { condition, type ApplicationFailure } from '@temporalio/workflow';
import type { Command as CommandInput } from '../src/domain/messages.ts';

/** A command with a name that tells what its input is; its id tells it from others of that name. */
export interface IdentifiedCommand {
  readonly name: string;
  readonly input: CommandInput;
}

/** A command that the workflow has accepted and not answered yet. */
export interface PendingCommand<Command, Result> {
  readonly command: Command;
  readonly answer: Promise<Result>;
  readonly resolve: (result: Result) => void;
  readonly reject: (failure: ApplicationFailure) => void;
}

/** The commands of a workflow in the order in which they came, each known by its id, so that a repeated one acts once. */
export class CommandQueue<Command extends IdentifiedCommand, Result> {
  readonly #seen = new Map<string, PendingCommand<Command, Result>>();
  readonly #unanswered = new Set<PendingCommand<Command, Result>>();
  /** For each wait for a command, whether it is over. */
  readonly #waits = new Set<() => boolean>();
  #waiting: PendingCommand<Command, Result>[] = [];
  #answerAtTheEnd: ((pending: PendingCommand<Command, Result>) => void) | undefined;

  /** Whether this command has been accepted before. */
  has(command: Command): boolean {
    return this.#seen.has(keyOf(command));
  }

  /** Accepts a command, or finds it again when its id is known. */
  add(command: Command): PendingCommand<Command, Result> {
    const known = this.#seen.get(keyOf(command));
    if (known) return known;
    const pending = openCommand<Command, Result>(command, () => this.#unanswered.delete(pending));
    this.#seen.set(keyOf(command), pending);
    this.#unanswered.add(pending);
    if (this.#answerAtTheEnd) this.#answerAtTheEnd(pending);
    else this.#waiting.push(pending);
    return pending;
  }

  /** Whether the workflow does nothing until a command comes, and none has. */
  get isAtRest(): boolean {
    return [...this.#waits].some((isOver) => !isOver());
  }

  /** Whether a command with this name waits or is being carried out. */
  isUnanswered(name: Command['name']): boolean {
    return [...this.#unanswered].some(({ command }) => command.name === name);
  }

  /** The first waiting command with this name, which stays in the queue. */
  first(name: Command['name']): Command | undefined {
    return this.#waiting.find(({ command }) => command.name === name)?.command;
  }

  /**
   * Waits for a command that is `wanted` and takes it out; `undefined` after `timeoutMs`, or when `isEnough` while there is none,
   * or once the queue is closed. Cancelled with its scope.
   */
  async next<Wanted extends Command>(
    wanted: (command: Command) => command is Wanted,
    { timeoutMs, isEnough = () => false }: { timeoutMs?: number | undefined; isEnough?: () => boolean } = {},
  ): Promise<PendingCommand<Wanted, Result> | undefined> {
    const isWanted = (pending: PendingCommand<Command, Result>): pending is PendingCommand<Wanted, Result> =>
      wanted(pending.command);
    const isOver = () => this.#waiting.some(isWanted) || this.#answerAtTheEnd !== undefined || isEnough();
    this.#waits.add(isOver);
    try {
      if (timeoutMs === undefined) await condition(isOver);
      else await condition(isOver, Math.max(timeoutMs, 1));
    } finally {
      this.#waits.delete(isOver);
    }
    const next = this.#waiting.find(isWanted);
    this.#waiting = this.#waiting.filter((pending) => pending !== next);
    return next;
  }

  /** Answers everything that has no answer yet, and whatever still comes, when the workflow is about to end. */
  close(answer: (pending: PendingCommand<Command, Result>) => void): void {
    this.#answerAtTheEnd = answer;
    for (const pending of this.#unanswered) answer(pending);
    this.#waiting = [];
  }
}

/** Wants every command. */
export function anyCommand<Command>(command: Command): command is Command {
  return command !== undefined;
}

/** People choose ids as well: one that comes with another command is another command. */
function keyOf({ name, input }: IdentifiedCommand): string {
  return `${name}:${input.command_id}`;
}

function openCommand<Command, Result>(command: Command, onAnswer: () => void): PendingCommand<Command, Result> {
  const { promise: answer, resolve, reject } = Promise.withResolvers<Result>();
  // Whoever sent it as a signal does not listen.
  answer.catch(() => {});
  return {
    command,
    answer,
    resolve: (result) => {
      onAnswer();
      resolve(result);
    },
    reject: (failure) => {
      onAnswer();
      reject(failure);
    },
  };
}
