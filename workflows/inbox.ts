import { condition, type ApplicationFailure } from '@temporalio/workflow';
import type { CommandName, CommandResult, Commands } from '../src/domain/messages.ts';

/** A command that the workflow has accepted and not answered yet. */
export interface Entry<Name extends CommandName = CommandName> {
  readonly name: Name;
  readonly command: Commands[Name];
  readonly answer: Promise<CommandResult>;
  readonly resolve: (result: CommandResult) => void;
  readonly reject: (failure: ApplicationFailure) => void;
}

/** Commands in the order in which they came, each known by its command id, so that a repeated one acts once. */
export class Inbox {
  readonly #seen = new Map<string, Entry>();
  readonly #unanswered = new Set<Entry>();
  #waiting: Entry[] = [];
  #answer: ((entry: Entry) => void) | undefined;

  /** Whether this command has been accepted before. */
  has(commandId: string): boolean {
    return this.#seen.has(commandId);
  }

  /** Accepts a command, or finds it again when its id is known. */
  add<Name extends CommandName>(name: Name, command: Commands[Name]): Entry {
    const known = this.#seen.get(command.command_id);
    if (known) return known;
    const entry = openEntry(name, command, () => this.#unanswered.delete(entry));
    this.#seen.set(command.command_id, entry);
    this.#unanswered.add(entry);
    if (this.#answer) this.#answer(entry);
    else this.#waiting.push(entry);
    return entry;
  }

  /** The first waiting command with this name, which stays waiting. */
  peek<Name extends CommandName>(name: Name): Entry<Name> | undefined {
    return this.#waiting.find((entry): entry is Entry & Entry<Name> => entry.name === name);
  }

  /** Takes out the first waiting command for which `wanted` holds. */
  take(wanted: (entry: Entry) => boolean = () => true): Entry | undefined {
    const entry = this.#waiting.find(wanted);
    this.#waiting = this.#waiting.filter((other) => other !== entry);
    return entry;
  }

  /**
   * Waits for a command for which `wanted` holds and takes it; `undefined` after `timeoutMs`, or when `isEnough` holds while none
   * is there. Cancelled with its scope.
   */
  async next(
    wanted: (entry: Entry) => boolean,
    timeoutMs?: number,
    isEnough: () => boolean = () => false,
  ): Promise<Entry | undefined> {
    const waiting = () => this.#waiting.some(wanted) || isEnough();
    if (timeoutMs === undefined) await condition(waiting);
    else await condition(waiting, Math.max(timeoutMs, 1));
    return this.take(wanted);
  }

  /** Answers everything that has no answer yet, and whatever still comes, when the workflow is about to end. */
  close(answer: (entry: Entry) => void): void {
    this.#answer = answer;
    for (const entry of this.#unanswered) answer(entry);
    this.#waiting = [];
  }
}

function openEntry(name: CommandName, command: Commands[CommandName], onAnswer: () => void): Entry {
  const { promise: answer, resolve, reject } = Promise.withResolvers<CommandResult>();
  // Whoever sent it as a signal does not listen.
  answer.catch(() => {});
  return {
    name,
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
