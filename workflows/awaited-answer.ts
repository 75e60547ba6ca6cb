import { ActivityFailure, ApplicationFailure, sleep } from '@temporalio/workflow';
import { failureTypes } from '../src/domain/failures.ts';
import { Restartable } from './restartable.ts';

/** How the answer of a service that answers later is waited for. */
export interface AnswerTerms {
  /** What is awaited, as the timeline shows it. */
  readonly summary: string;
  /** When the answer is looked up first. */
  readonly lookupMs: number;
  /** Called whenever a wait begins; `since`: since when the answer is awaited, RFC 3339. */
  readonly onWait: (since: string) => void;
}

/** What a service that says nothing for hours is asked at most, so that an order which waits for weeks has a short history. */
const MAX_LOOKUP_MS = 60 * 60_000;

/**
 * The answer to a request, which the service may give later. Waiting costs one timer: the answer is asked for when the service has said
 * that there is one, and at growing intervals in case it never does.
 */
export class AwaitedAnswer {
  readonly #terms: AnswerTerms;
  readonly #restartable = new Restartable();
  #since: string | undefined;
  #isAskedNow = false;

  constructor(terms: AnswerTerms) {
    this.#terms = terms;
  }

  /** Asks for the answer at once, instead of at the next retry or look-up; when nothing waits yet, as soon as something does. */
  askNow(): void {
    if (this.#restartable.isRunning) this.#restartable.restart();
    else this.#isAskedNow = true;
  }

  /**
   * Runs `attempt` until the service has answered. `isAccepted`: it has said before that it answers later. An attempt is told since when
   * the answer is awaited, so that it asks what became of the request before it makes it again.
   */
  run<T>(attempt: (awaitedSince: string | undefined) => Promise<T>, isAccepted: boolean): Promise<T> {
    let isAwaited = isAccepted;
    return this.#restartable.run(async () => {
      for (let lookups = 0; ; lookups += 1) {
        if (isAwaited) {
          isAwaited = false;
          await this.#wait(lookups);
        }
        try {
          return await attempt(this.#since);
        } catch (error) {
          if (!isAwaitingAnswer(error)) throw error;
          isAwaited = true;
        }
      }
    });
  }

  async #wait(lookups: number): Promise<void> {
    const { summary, lookupMs, onWait } = this.#terms;
    this.#since ??= new Date().toISOString();
    onWait(this.#since);
    if (this.#isAskedNow) this.#isAskedNow = false;
    else await sleep(Math.min(lookupMs * 2 ** lookups, Math.max(lookupMs, MAX_LOOKUP_MS)), { summary });
  }
}

/** Whether a step has failed because its service answers later. */
export function isAwaitingAnswer(error: unknown): boolean {
  const failure = error instanceof ActivityFailure ? error.cause : error;
  return failure instanceof ApplicationFailure && failure.type === failureTypes.awaitingAnswer;
}
